package import CoppiceModel

extension CoppiceError.Code {
  /// Nothing here reads what lies at a path.
  package static let formatUnrecognized = Self(rawValue: "format.unrecognized")
  /// The format is known, but this version doesn't read it.
  package static let formatUnsupported = Self(rawValue: "format.unsupported")
  /// A name or step that the checkpoint doesn't have.
  package static let usageNoSuchPart = Self(rawValue: "usage.no-such-part")
  /// A choice is needed that was not made, or one was made that doesn't apply.
  package static let usageChoice = Self(rawValue: "usage.choice")
  /// A path of a tree that is not there, or can't be moved.
  package static let usageTreePath = Self(rawValue: "usage.tree-path")
}
