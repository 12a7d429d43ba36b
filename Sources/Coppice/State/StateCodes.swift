public import CoppiceModel

extension CoppiceError.Code {
  /// A value can't be encoded as a tree, or a tree can't be decoded as a value of the type asked for.
  public static let stateCoding = Self(rawValue: "state.coding")
}
