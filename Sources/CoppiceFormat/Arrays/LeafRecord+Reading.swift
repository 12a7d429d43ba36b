import CoppiceJSON
import CoppiceModel

extension LeafRecord {
  /// Reads one element of `leaves`.
  ///
  /// - Parameter faults: Collects the faults of the shards, which don't matter to a caller that
  ///   reads documents only; the leaf then has no shards.
  init(
    _ node: JSONNode, shardings: [Sharding], unknown: UnknownMembers, limits: ReadLimits,
    faults: inout [CoppiceError]
  ) throws(CoppiceError) {
    // Members in the order of the canonical document: the fast path.
    var reader = try JSONObjectReader(node)
    let chunks = reader.optional("chunks")
    dtype = try ArrayMembers.dtype(try reader.required("dtype"))
    let placementNode = reader.optional("placement")
    let prngNode = reader.optional("prng")
    shape = try ArrayMembers.shape(try reader.required("shape"), limits: limits)
    let shardingNode = reader.optional("sharding")
    let shardsNode = reader.optional("shards")
    let storageNode = try reader.required("storage")
    try unknown.check(reader)
    // Types come before everything that the members say together.
    for node in [chunks, shardsNode] { if let node { _ = try JSONObjectReader(node) } }
    if let placementNode { placement = try placementNode.nonNegativeInt() }

    if let prngNode { prng = try Self.prng(prngNode, dtype) }
    if let shardingNode {
      sharding = try Self.sharding(shardingNode, rank: shape.rank, shardings)
    }
    let kind = try Self.storageKind(storageNode, chunks: chunks, shards: shardsNode, of: shape)
    if let placementNode, kind == .none {
      throw placementNode.error(.arraysBadStorage, "an empty leaf lies in no file")
    }
    if let shardsNode {
      var found: [CoppiceError] = []
      // With a fault, the leaf is sharded nevertheless: its features count.
      shards =
        try ShardGrid.read(shardsNode, of: shape, unknown: unknown, limits: limits, faults: &found)
        ?? ShardGrid(whole: shape)
      faults += found
    }
    guard let chunks, kind == .chunked else {
      storage = kind == .none ? .none : kind == .packed ? .packed : .contiguous
      return
    }
    storage = .chunked(
      try ChunkLayout(chunks, dtype: dtype, of: shape, unknown: unknown, limits: limits))
  }

  /// The values of `storage`.
  private enum StorageKind: String {
    case none, contiguous, packed, chunked
  }

  /// Reads the storage and checks that the members beside it fit.
  ///
  /// Spec: ARR-1, ARR-3, ARR-5, ARR-8.
  private static func storageKind(
    _ node: JSONNode, chunks: JSONNode?, shards: JSONNode?, of shape: Shape
  ) throws(CoppiceError) -> StorageKind {
    let name = try node.string()
    guard let kind = StorageKind(rawValue: name) else {
      throw node.error(.arraysBadStorage, "\"\(name)\" is no storage of this version")
    }
    guard (kind == .none) == (shape.elementCount == 0) else {
      throw node.error(
        .arraysBadStorage, "storage is \"none\" exactly when the array has no elements")
    }
    guard (kind == .chunked) == (chunks != nil) else {
      throw node.error(
        .arraysBadStorage, "chunked storage, and no other, has the member \"chunks\"")
    }
    if let shards, kind == .none || kind == .packed {
      throw shards.error(.arraysBadStorage, "packed and empty leaves have no shards")
    }
    return kind
  }

  /// Spec: MOD-14.
  private static func prng(_ node: JSONNode, _ dtype: DType) throws(CoppiceError) -> String {
    let name = try node.string()
    guard dtype == .uint32, !name.isEmpty else {
      throw node.error(
        .arraysBadPRNG, "a random-number implementation has a name and belongs to uint32 arrays")
    }
    return name
  }

  /// Spec: SHD-2, SHD-5.
  private static func sharding(
    _ node: JSONNode, rank: Int, _ shardings: [Sharding]
  ) throws(CoppiceError) -> Int {
    let index = try node.nonNegativeInt()
    guard index < shardings.count else {
      throw node.error(.shardingBadSharding, "the document has \(shardings.count) shardings")
    }
    guard shardings[index].partition.count <= rank else {
      throw node.error(
        .shardingBadSharding, "the sharding divides more dimensions than the array has")
    }
    return index
  }
}

extension ChunkLayout {
  /// Spec: ARR-6, ARR-7, ARR-14.
  fileprivate init(
    _ node: JSONNode, dtype: DType, of whole: Shape, unknown: UnknownMembers,
    limits: ReadLimits
  ) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let filters = try reader.required("filters")
    let shapeNode = try reader.required("shape")
    try unknown.check(reader)
    let extents = try shapeNode.nonNegativeIntegerColumn()
    guard extents.count == whole.rank, zip(extents, whole.dimensions).allSatisfy({ $0 <= $1 }),
      !extents.isEmpty, !extents.contains(0), let shape = Shape(extents)
    else {
      throw shapeNode.error(
        .arraysBadChunk,
        "a chunk has as many dimensions as its array, each from 1 to the array's")
    }
    guard let bytes = shape.byteCount(of: dtype), bytes <= limits.chunkBytes else {
      throw shapeNode.error(.arraysBadChunk, "a chunk has at most \(limits.chunkBytes) bytes")
    }
    self.shape = shape
    switch try filters.stringColumn() {
    case ["zstd"]: isShuffled = false
    case ["shuffle", "zstd"]: isShuffled = true
    default:
      throw filters.error(
        .arraysBadChunk, "the filters of this version are [\"zstd\"] and [\"shuffle\",\"zstd\"]")
    }
  }
}
