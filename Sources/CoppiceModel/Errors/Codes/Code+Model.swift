// Faults by the rules of the model (chapter 1).
extension CoppiceError.Code {
  /// A node that isn't exactly one known member.
  public static let modelBadNode = Self(rawValue: "model.bad-node")
  /// A value whose text isn't in its canonical spelling.
  public static let modelBadValue = Self(rawValue: "model.bad-value")
  /// Two keys of a dictionary, or two fields of a record, are the same.
  public static let modelDuplicateKey = Self(rawValue: "model.duplicate-key")
  /// A key longer than the limit.
  public static let modelKeyTooLong = Self(rawValue: "model.key-too-long")
  /// Leaf ordinals that don't count 0, 1, 2… depth first.
  public static let modelLeafOrder = Self(rawValue: "model.leaf-order")
  /// Text arrays that are larger than the limit.
  public static let modelTextTooLarge = Self(rawValue: "model.text-too-large")
  /// Containers nested deeper than the limit.
  public static let modelTooDeep = Self(rawValue: "model.too-deep")
  /// More leaves than the limit.
  public static let modelTooManyLeaves = Self(rawValue: "model.too-many-leaves")
}
