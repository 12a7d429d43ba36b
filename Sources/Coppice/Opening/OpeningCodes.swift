public import CoppiceModel

extension CoppiceError.Code {
  /// Nothing here reads what lies at a path.
  public static let formatUnrecognized = Self(rawValue: "format.unrecognized")
  /// The format is known, but this version doesn't read it.
  public static let formatUnsupported = Self(rawValue: "format.unsupported")
}
