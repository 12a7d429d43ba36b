package import CoppiceFormat
package import CoppiceModel

/// The distribution of a leaf's elements over the ranks of a group.
package enum LeafDistribution: Sendable {
  /// All ranks hold the whole array.
  case replicated
  /// All ranks can read the array, and each of the boxes of a grid is stored by one of them.
  case divided(ShardGrid, ranks: [Int])
  /// Each rank holds the boxes that the leaf's sharding gives to its devices.
  ///
  /// The ranks are those of the devices of the mesh, in C order.
  case sharded(Sharding, ranks: [Int])
  /// Ranks hold boxes as they please; each box is there with the ranks that hold it.
  case boxes([ArrayBox: [Int]])
}
