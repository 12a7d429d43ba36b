package import CoppiceModel

extension CoppiceError.Code {
  /// A node that isn't exactly one known member.
  package static let modelBadNode = Self(rawValue: "model.bad-node")
  /// A value whose text isn't in its canonical spelling.
  package static let modelBadValue = Self(rawValue: "model.bad-value")
  /// Two keys of a dictionary, or two fields of a record, are the same.
  package static let modelDuplicateKey = Self(rawValue: "model.duplicate-key")
  /// A key longer than the limit.
  package static let modelKeyTooLong = Self(rawValue: "model.key-too-long")
  /// Containers nested deeper than the limit.
  package static let modelTooDeep = Self(rawValue: "model.too-deep")
  /// Leaf ordinals that don't count 0, 1, 2… depth first.
  package static let modelLeafOrder = Self(rawValue: "model.leaf-order")
  /// More leaves than the limit.
  package static let modelTooManyLeaves = Self(rawValue: "model.too-many-leaves")
  /// Text arrays that are larger than the limit.
  package static let modelTextTooLarge = Self(rawValue: "model.text-too-large")
}
