package import CoppiceModel

/// The distribution of a leaf's elements over the ranks of a group.
package enum LeafDistribution: Sendable {
  /// All ranks hold the whole array.
  case replicated
  /// Each rank holds the boxes that the leaf's sharding gives to its devices.
  ///
  /// The ranks are those of the devices of the mesh, in C order.
  case sharded(Sharding, ranks: [Int])
  /// Ranks hold boxes as they please; each box is there with the ranks that hold it.
  case boxes([ArrayBox: [Int]])
}
