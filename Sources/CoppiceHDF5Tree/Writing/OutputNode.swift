import CoppiceModel

/// A node of a tree in its form for the file.
indirect enum OutputNode: Sendable {
  case group([Member])
  /// An array, by its index in the plan's leaves; compressed ones have chunks.
  case array(Int, shape: [UInt64], element: OutputElement, chunk: [UInt64]?)
  /// Texts of any length; a scalar has no dimensions.
  case texts([[UInt8]], shape: [UInt64])
  /// Byte strings, padded with NULs to one width.
  case padded([[UInt8]], width: Int, shape: [UInt64])
  /// The value none: a dataset without elements and shape.
  case null

  /// A named node in a group.
  struct Member: Sendable {
    var name: String
    var node: OutputNode
  }
}
