package import CoppiceModel
import StrictJSON

/// The boxes that a leaf is stored as: read, and checked to cover it exactly once.
///
/// Spec: SHD-6 to SHD-10.
package enum ShardTable {
  static func read(
    _ node: JSONNode, of shape: Shape, unknown: UnknownMembers, limits: ReadLimits
  ) throws(CoppiceError) -> [ArrayIndexRange] {
    var reader = try JSONObjectReader(node)
    let offsets = try reader.required("offset")
    let shapes = try reader.required("shape")
    try unknown.check(reader)
    guard offsets.count <= limits.shardsPerLeaf else {
      throw offsets.error(
        .shardingBadSharding, "a leaf has at most \(limits.shardsPerLeaf) shards")
    }
    var boxes: [ArrayIndexRange] = []
    var extents = try shapes.array(count: offsets.count).makeIterator()
    for offset in try offsets.array() {
      guard let extent = extents.next(),
        let box = ArrayIndexRange(
          offset: try offset.nonNegativeIntegerColumn(),
          shape: try ArrayMembers.shape(extent, limits: limits)),
        box.isContained(in: shape)
      else {
        throw offset.error(.shardingOutside, "the shard reaches out of the shape \(shape)")
      }
      boxes.append(box)
    }
    do {
      try check(boxes, cover: shape)
    } catch {
      throw node.error(error.code, error.message)
    }
    return boxes
  }

  /// Checks that boxes inside a shape are sorted, disjoint, and leave nothing out.
  ///
  /// - Throws: `sharding.order`, `sharding.overlap`, `sharding.gap`.
  /// - Complexity: O(n²) at worst in the number of boxes, O(n log n) for grids.
  package static func check(
    _ boxes: [ArrayIndexRange], cover shape: Shape
  ) throws(CoppiceError) {
    var covered = 0
    for (index, box) in boxes.enumerated() {
      guard box.shape.elementCount > 0 else {
        throw CoppiceError(.shardingOrder, "shard \(index) is empty")
      }
      if index > 0, !boxes[index - 1].offset.lexicographicallyPrecedes(box.offset) {
        let isSame = boxes[index - 1].offset == box.offset
        throw CoppiceError(
          isSame ? .shardingOverlap : .shardingOrder,
          isSame
            ? "shards \(index - 1) and \(index) begin at the same place"
            : "shard \(index) isn't sorted by its offset")
      }
      covered += box.shape.elementCount
      // More elements than the array has: two boxes must share some.
      guard covered <= shape.elementCount else {
        throw CoppiceError(.shardingOverlap, "shards share elements: they hold more than the array")
      }
    }
    try checkDisjoint(boxes)
    guard covered == shape.elementCount else {
      throw CoppiceError(
        .shardingGap,
        "\(shape.elementCount - covered) of \(shape.elementCount) elements lie in no shard")
    }
  }

  /// Sweeps along the first dimension; only boxes that the sweep stands in are compared.
  private static func checkDisjoint(_ boxes: [ArrayIndexRange]) throws(CoppiceError) {
    var active: [Int] = []
    for (index, box) in boxes.enumerated() where box.rank > 0 {
      active.removeAll { boxes[$0].end(0) <= box.offset[0] }
      for other in active where boxes[other].intersection(box) != nil {
        throw CoppiceError(.shardingOverlap, "shards \(other) and \(index) share elements")
      }
      active.append(index)
    }
  }
}
