// Faults by the rules of the model (chapter 1).
extension CoppiceError.Code {
  /// A node that isn't exactly one known member.
  public static let modelBadNode = Self(rawValue: "model.bad-node")
  /// A value whose text isn't in its canonical spelling.
  public static let modelBadValue = Self(rawValue: "model.bad-value")
  /// The byte count doesn't match shape and dtype.
  public static let modelByteCount = Self(rawValue: "model.byte-count")
  /// Two keys of a dictionary, or two fields of a record, are the same.
  public static let modelDuplicateKey = Self(rawValue: "model.duplicate-key")
  /// The elements of an array are of another type than was asked for.
  public static let modelElementType = Self(rawValue: "model.element-type")
  /// A key longer than the limit.
  public static let modelKeyTooLong = Self(rawValue: "model.key-too-long")
  /// Leaf ordinals that don't count 0, 1, 2… depth first.
  public static let modelLeafOrder = Self(rawValue: "model.leaf-order")
  /// A box or an index lies outside of an array.
  public static let modelOutOfBounds = Self(rawValue: "model.out-of-bounds")
  /// Rows that are to be an array differ in length.
  public static let modelRagged = Self(rawValue: "model.ragged")
  /// An array has another number of dimensions than was asked for.
  public static let modelRank = Self(rawValue: "model.rank")
  /// Text arrays that are larger than the limit.
  public static let modelTextTooLarge = Self(rawValue: "model.text-too-large")
  /// Containers nested deeper than the limit.
  public static let modelTooDeep = Self(rawValue: "model.too-deep")
  /// More leaves than the limit.
  public static let modelTooManyLeaves = Self(rawValue: "model.too-many-leaves")
}
