import CoppiceJSON
import CoppiceModel

/// The list of codecs of a zarr 3 document: array to array, array to bytes, bytes to bytes.
struct CodecChain {
  var coding = ChunkCoding()
  /// The arrangement of chunks in shards, outermost shards first.
  var shards: [ShardLayout] = []

  init(
    _ list: JSONNode, chunkShape: Shape, dtype: DType, text: ZarrText? = nil, limits: ReadLimits,
    level: Int = 0
  ) throws(CoppiceError) {
    var hasBytes = false
    let isVariable = text != nil && text?.row == nil
    for node in try list.array() {
      let codec = try ZarrMetadata.Extension(node)
      if codec.isNamed("transpose"), !hasBytes {
        try transpose(codec, rank: chunkShape.rank)
      } else if let found = NumcodecsCodec(codec).text, !hasBytes {
        guard found == text else {
          throw node.error(
            .zarrMalformed,
            "the codec \"\(codec.name.printableName)\" isn't one of the element type")
        }
        hasBytes = true
      } else if codec.isNamed("bytes"), !hasBytes, !isVariable {
        coding.isBigEndian = try Self.isBigEndian(codec, dtype)
        hasBytes = true
      } else if codec.isNamed("sharding_indexed"), !hasBytes {
        guard coding.order == nil, coding.codecs.isEmpty, level < Self.mostLevels else {
          throw node.error(
            .zarrUnsupported,
            "shards of transposed or filtered arrays are not read, and shards in "
              + "shards to a depth of \(Self.mostLevels) only")
        }
        try shard(codec, chunkShape, dtype, text, limits, level)
        hasBytes = true
      } else if codec.isNamed("numcodecs.delta"), !hasBytes {
        coding.codecs.append(try NumcodecsCodec(codec).codec(isBigEndian: false))
      } else if let known = try Self.byteCodec(codec), hasBytes {
        guard shards.isEmpty else {
          throw node.error(.zarrUnsupported, "shards that are compressed as a whole are not read")
        }
        coding.codecs.append(known)
      } else if try Self.byteCodec(codec) != nil || codec.isNamed("bytes")
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
    let hasDelta = coding.codecs.contains { if case .delta = $0 { true } else { false } }
    guard !coding.isBigEndian || !hasDelta else {
      throw list.error(
        .zarrUnknownCodec, "the filter \"delta\" is read of little-endian integers only")
    }
  }

  /// The most levels of shards in shards.
  private static let mostLevels = 8

  /// The codecs of numcodecs that zarr-python 3 writes under names of their own.
  private static let numcodecs: Set<String> = [
    "numcodecs.blosc", "numcodecs.gzip", "numcodecs.lz4", "numcodecs.shuffle", "numcodecs.zlib",
    "numcodecs.zstd",
  ]

  /// Returns a codec that turns bytes into bytes; `nil` if the name is none of these.
  private static func byteCodec(
    _ codec: ZarrMetadata.Extension
  ) throws(CoppiceError) -> ChunkCoding.ByteCodec? {
    if codec.isNamed("zstd") { return .zstd }
    if codec.isNamed("gzip") { return .gzip }
    if codec.isNamed("blosc") { return .blosc }
    if codec.isNamed("crc32c") { return .crc32c }
    guard numcodecs.contains(codec.name) else { return nil }
    return try NumcodecsCodec(codec).codec(isBigEndian: false)
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
    _ codec: ZarrMetadata.Extension, _ chunkShape: Shape, _ dtype: DType, _ text: ZarrText?,
    _ limits: ReadLimits, _ level: Int
  ) throws(CoppiceError) {
    let node = try codec.required("chunk_shape")
    let inner = try ZarrMetadata.chunkShape(node, of: chunkShape, limits: limits)
    for (outer, extent) in zip(chunkShape.dimensions, inner.dimensions) where outer % extent != 0 {
      throw node.error(.zarrMalformed, "the chunks don't divide the shard evenly")
    }
    let chain = try CodecChain(
      try codec.required("codecs"), chunkShape: inner, dtype: dtype, text: text, limits: limits,
      level: level + 1)
    coding = chain.coding
    let index = try CodecChain(
      try codec.required("index_codecs"), chunkShape: inner, dtype: .uint64, limits: limits,
      level: Self.mostLevels)
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
    shards = [layout] + chain.shards
  }
}

extension NumcodecsCodec {
  /// Makes a codec that a zarr 3 document names.
  fileprivate init(_ codec: ZarrMetadata.Extension) {
    let prefix = "numcodecs."
    let isPrefixed = codec.name.hasPrefix(prefix)
    self.init(
      codec.node, name: isPrefixed ? String(codec.name.dropFirst(prefix.count)) : codec.name,
      configuration: codec.configuration)
  }
}
