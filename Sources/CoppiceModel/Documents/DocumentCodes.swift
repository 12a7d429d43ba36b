extension CoppiceError.Code {
  /// A value can't be encoded as JSON, or JSON can't be decoded as a value of the type asked for.
  public static let jsonCoding = Self(rawValue: "json.coding")
}
