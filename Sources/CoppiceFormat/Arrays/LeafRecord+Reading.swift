import CoppiceModel
import StrictJSON

extension LeafRecord {
  /// Reads one element of `leaves`.
  init(
    _ node: JSONNode, shardingCount: Int, unknown: UnknownMembers, limits: ReadLimits
  ) throws(CoppiceError) {
    // Members in the order of the canonical document: the fast path.
    var reader = try JSONObjectReader(node)
    let chunks = reader.optional("chunks")
    dtype = try ArrayMembers.dtype(try reader.required("dtype"))
    prng = try reader.optional("prng")?.string()
    let shapeNode = try reader.required("shape")
    shape = try ArrayMembers.shape(shapeNode, limits: limits)
    if let index = reader.optional("sharding") {
      let value = try index.nonNegativeInt()
      guard value < shardingCount else {
        throw index.error(.shardingBadSharding, "the document has \(shardingCount) shardings")
      }
      sharding = value
    }
    let shardsNode = reader.optional("shards")
    let storageNode = try reader.required("storage")
    try unknown.check(reader)

    storage = try Self.storage(
      storageNode, chunks: chunks, shape: shape, dtype: dtype, unknown: unknown, limits: limits)
    if let shardsNode {
      guard storage != .none, storage != .packed else {
        throw shardsNode.error(.arraysBadStorage, "packed and empty leaves have no shards")
      }
      shards = try ShardTable.read(shardsNode, of: shape, unknown: unknown, limits: limits)
    }
    if case .chunked(let layout) = storage, layout.shape.rank != shape.rank {
      throw storageNode.error(.arraysBadChunk, "a chunk has as many dimensions as its array")
    }
  }

  private static func storage(
    _ node: JSONNode, chunks: JSONNode?, shape: Shape, dtype: DType, unknown: UnknownMembers,
    limits: ReadLimits
  ) throws(CoppiceError) -> LeafStorage {
    let storage: LeafStorage
    switch try node.string() {
    case "none": storage = .none
    case "contiguous": storage = .contiguous
    case "packed": storage = .packed
    case "chunked":
      guard let chunks else {
        throw node.error(.arraysBadStorage, "chunked storage needs the member \"chunks\"")
      }
      return .chunked(try ChunkLayout(chunks, dtype: dtype, unknown: unknown, limits: limits))
    case let other:
      throw node.error(.arraysBadStorage, "\"\(other)\" is no storage of this version")
    }
    if let chunks {
      throw chunks.error(.arraysBadStorage, "only chunked storage has the member \"chunks\"")
    }
    guard (storage == .none) == (shape.elementCount == 0) else {
      throw node.error(
        .arraysBadStorage, "storage is \"none\" exactly when the array has no elements")
    }
    return storage
  }
}

extension ChunkLayout {
  fileprivate init(
    _ node: JSONNode, dtype: DType, unknown: UnknownMembers, limits: ReadLimits
  ) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let filters = try reader.required("filters")
    let shapeNode = try reader.required("shape")
    try unknown.check(reader)
    shape = try ArrayMembers.shape(shapeNode, limits: limits)
    guard shape.elementCount > 0, let bytes = shape.byteCount(of: dtype),
      bytes <= limits.chunkBytes
    else {
      throw shapeNode.error(
        .arraysBadChunk, "a chunk has at least one element and at most \(limits.chunkBytes) bytes")
    }
    switch try filters.stringColumn() {
    case ["zstd"]: isShuffled = false
    case ["shuffle", "zstd"]: isShuffled = true
    default:
      throw filters.error(
        .arraysBadChunk, "the filters of this version are [\"zstd\"] and [\"shuffle\",\"zstd\"]")
    }
  }
}
