import CoppiceModel

/// A node of a tree as it goes into a file.
indirect enum OutputNode: Sendable {
  case group([Member])
  /// An array, by its place among the plan's leaves.
  case array(Int, shape: [UInt64], element: OutputElement)
  /// Texts of any length; a scalar has no dimensions.
  case texts([[UInt8]], shape: [UInt64])
  /// Byte strings, padded with NULs to one width.
  case padded([[UInt8]], width: Int, shape: [UInt64])
  /// No elements and no shape: None.
  case null

  /// A name in a group with its node.
  struct Member: Sendable {
    var name: String
    var node: OutputNode
  }
}
