public import CoppiceModel

extension CoppiceError.Code {
  /// What is saved isn't what is asked for.
  public static let structureMismatch = Self(rawValue: "structure.mismatch")
}
