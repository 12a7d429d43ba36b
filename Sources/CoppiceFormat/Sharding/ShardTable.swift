import CoppiceJSON
package import CoppiceModel

/// The boxes of a leaf's shards: their reader, and the check that they cover the leaf exactly once.
///
/// Spec: SHD-6 to SHD-10.
package enum ShardTable {
  /// Reads the member `shards` of a leaf.
  ///
  /// - Parameter faults: Collects the faults of boxes whose members have the right JSON types.
  /// - Returns: The boxes; an empty array when there are faults.
  /// - Throws: `json.*`.
  static func read(
    _ node: JSONNode, of shape: Shape, unknown: UnknownMembers, limits: ReadLimits,
    faults: inout [CoppiceError]
  ) throws(CoppiceError) -> [ArrayBox] {
    var reader = try JSONObjectReader(node)
    let offsets = try reader.required("offset")
    let shapes = try reader.required("shape")
    try unknown.check(reader)
    _ = try shapes.array()
    guard try offsets.array().count == shapes.count, offsets.count <= limits.shardsPerLeaf else {
      faults.append(
        node.error(
          .shardingBadShards,
          "there are as many offsets as shapes, at most \(limits.shardsPerLeaf), of the shards"))
      return []
    }
    var boxes: [ArrayBox] = []
    boxes.reserveCapacity(offsets.count)
    var extents = shapes.elements.makeIterator()
    for offset in offsets.elements {
      guard let extent = extents.next() else { break }
      let start = try offset.nonNegativeIntegerColumn()
      let size = try extent.nonNegativeIntegerColumn()
      // After a fault, only the JSON types of the remaining boxes are checked.
      guard faults.isEmpty else { continue }
      if let box = box(start, size, in: shape, at: offset, &faults) { boxes.append(box) }
    }
    guard faults.isEmpty else { return [] }
    do {
      try check(boxes, cover: shape)
    } catch {
      faults.append(node.error(error.code, error.message))
      return []
    }
    return boxes
  }

  private static func box(
    _ start: [Int], _ extents: [Int], in shape: Shape, at node: JSONNode,
    _ faults: inout [CoppiceError]
  ) -> ArrayBox? {
    guard start.count == shape.rank, extents.count == shape.rank, !extents.contains(0) else {
      faults.append(
        node.error(
          .shardingBadShards,
          "a shard has an offset and an extent from 1 on for each dimension of its leaf"))
      return nil
    }
    // Numbers of documents are below 2^53, so the sums don't overflow, and neither does the product
    // of extents inside the shape.
    guard zip(zip(start, extents), shape.dimensions).allSatisfy({ $0.0 + $0.1 <= $1 }),
      let size = Shape(extents), let box = ArrayBox(offset: start, shape: size)
    else {
      faults.append(node.error(.shardingOutside, "the shard reaches out of the shape \(shape)"))
      return nil
    }
    return box
  }

  /// Checks that boxes lie inside a shape, are sorted, are disjoint and cover it completely.
  ///
  /// - Throws: `sharding.bad-shards`, `sharding.outside`, `sharding.order`, `sharding.overlap`,
  ///   `sharding.gap`.
  package static func check(
    _ boxes: [ArrayBox], cover shape: Shape
  ) throws(CoppiceError) {
    guard (1...ReadLimits.standard.shardsPerLeaf).contains(boxes.count) else {
      throw CoppiceError(
        .shardingBadShards, "a leaf has 1 to \(ReadLimits.standard.shardsPerLeaf) shards")
    }
    for (index, box) in boxes.enumerated() {
      guard box.shape.elementCount > 0 else {
        throw CoppiceError(.shardingBadShards, "shard \(index) is empty")
      }
      guard box.isContained(in: shape) else {
        throw CoppiceError(.shardingOutside, "shard \(index) reaches out of the shape \(shape)")
      }
      guard index == 0 || !box.offset.lexicographicallyPrecedes(boxes[index - 1].offset) else {
        throw CoppiceError(.shardingOrder, "shard \(index) isn't sorted by its offset")
      }
    }
    try ShardCover(boxes, of: shape).check()
  }
}
