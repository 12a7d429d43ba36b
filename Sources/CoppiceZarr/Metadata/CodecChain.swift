import CoppiceJSON
import CoppiceModel

/// The list of codecs of a zarr 3 document: array to array, array to bytes, bytes to bytes.
struct CodecChain {
  var coding = ChunkCoding()
  var sharding: ShardLayout?

  init(
    _ list: JSONNode, chunkShape: Shape, dtype: DType, limits: ReadLimits, isInShard: Bool = false
  ) throws(CoppiceError) {
    var hasBytes = false
    for node in try list.array() {
      let codec = try ZarrMetadata.Extension(node)
      if codec.isNamed("transpose"), !hasBytes {
        try transpose(codec, rank: chunkShape.rank)
      } else if codec.isNamed("bytes"), !hasBytes {
        coding.isBigEndian = try Self.isBigEndian(codec, dtype)
        hasBytes = true
      } else if codec.isNamed("sharding_indexed"), !hasBytes {
        guard !isInShard, coding.order == nil else {
          throw node.error(
            .zarrUnsupported, "shards in shards, or of transposed arrays, are not read")
        }
        try shard(codec, chunkShape, dtype, limits)
        hasBytes = true
      } else if let known = Self.byteCodec(codec), hasBytes {
        guard sharding == nil else {
          throw node.error(.zarrUnsupported, "shards that are compressed as a whole are not read")
        }
        coding.codecs.append(known)
      } else if Self.byteCodec(codec) != nil || codec.isNamed("bytes")
        || codec.isNamed("transpose") || codec.isNamed("sharding_indexed")
      {
        throw node.error(
          .zarrMalformed, "the codec \"\(codec.name.printableName)\" is in the wrong place")
      } else {
        throw ZarrMetadata.unknownCodec(codec.name, node)
      }
    }
    guard hasBytes else {
      throw list.error(.zarrMalformed, "no codec turns the array into bytes")
    }
  }

  private static func byteCodec(_ codec: ZarrMetadata.Extension) -> ChunkCoding.ByteCodec? {
    if codec.isNamed("zstd") { return .zstd }
    if codec.isNamed("gzip") { return .gzip }
    if codec.isNamed("crc32c") { return .crc32c }
    // zarr-python's name for what zarr 2 calls zlib.
    if codec.isNamed("numcodecs.zlib") { return .zlib }
    return nil
  }

  private static func isBigEndian(
    _ codec: ZarrMetadata.Extension, _ dtype: DType
  ) throws(CoppiceError) -> Bool {
    guard let endian = codec.optional("endian") else {
      guard dtype.width == 1 else {
        throw codec.node.error(.zarrMalformed, "the codec bytes doesn't state the order of bytes")
      }
      return false
    }
    if endian.stringEquals("little") { return false }
    guard endian.stringEquals("big") else {
      throw endian.error(.zarrMalformed, "endian must be little or big")
    }
    return dtype.width > 1
  }

  /// Adds a transposition: dimension i of the output is dimension order[i] of the input.
  private mutating func transpose(
    _ codec: ZarrMetadata.Extension, rank: Int
  ) throws(CoppiceError) {
    let node = try codec.required("order")
    guard node.count == rank else {
      throw node.error(.zarrMalformed, "order must be a permutation of the dimensions")
    }
    let order = try node.nonNegativeIntegerColumn()
    guard order.sorted() == Array(0..<rank) else {
      throw node.error(.zarrMalformed, "order must be a permutation of the dimensions")
    }
    let before = coding.order ?? Array(0..<rank)
    let after = order.map { before[$0] }
    coding.order = after == Array(0..<rank) ? nil : after
  }

  private mutating func shard(
    _ codec: ZarrMetadata.Extension, _ chunkShape: Shape, _ dtype: DType, _ limits: ReadLimits
  ) throws(CoppiceError) {
    let node = try codec.required("chunk_shape")
    let inner = try ZarrMetadata.chunkShape(node, of: chunkShape, limits: limits)
    for (outer, extent) in zip(chunkShape.dimensions, inner.dimensions) where outer % extent != 0 {
      throw node.error(.zarrMalformed, "the chunks don't divide the shard evenly")
    }
    let chain = try CodecChain(
      try codec.required("codecs"), chunkShape: inner, dtype: dtype, limits: limits,
      isInShard: true)
    coding = chain.coding
    let index = try CodecChain(
      try codec.required("index_codecs"), chunkShape: inner, dtype: .uint64, limits: limits,
      isInShard: true)
    guard index.coding.order == nil, [[], [.crc32c]].contains(index.coding.codecs) else {
      throw codec.node.error(
        .zarrUnsupported, "a shard's index may be coded with bytes and crc32c only")
    }
    var layout = ShardLayout(innerShape: inner, outerShape: chunkShape)
    layout.indexIsBigEndian = index.coding.isBigEndian
    layout.indexHasChecksum = !index.coding.codecs.isEmpty
    if let location = codec.optional("index_location") {
      layout.indexIsAtEnd = !location.stringEquals("start")
      guard location.stringEquals("start") || location.stringEquals("end") else {
        throw location.error(.zarrMalformed, "index_location must be start or end")
      }
    }
    sharding = layout
  }
}
