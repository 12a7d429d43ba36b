import CoppiceJSON
import CoppiceModel

/// The contents of an array's metadata document, of either version.
struct ZarrMetadata: Hashable, Sendable {
  /// The type of the numbers; an array of texts of a fixed size is one of rows of numbers.
  var dtype: DType
  /// The type of the texts, if elements are texts.
  var text: ZarrText?
  /// The extents; texts of a fixed size add the dimension of their rows.
  var shape: Shape
  /// The shape of the value of one key: a chunk, or a shard of them.
  var chunkShape: Shape
  var keys: ChunkKeyEncoding
  var coding: ChunkCoding
  /// The arrangement of chunks in shards, outermost shards first.
  var shards: [ShardLayout] = []
  var fill: FillValue

  /// The most bytes that a metadata document may have.
  static let mostBytes = 16 << 20

  /// The most bytes that an array may have: offsets are below 2^53 everywhere.
  private static let mostArrayBytes = 1 << 53

  /// The shape of the unit that is decoded.
  var innerShape: Shape { shards.last?.innerShape ?? chunkShape }
}

extension ZarrMetadata {
  /// Reads a list of extents.
  static func shape(_ node: JSONNode, limits: ReadLimits) throws(CoppiceError) -> Shape {
    guard node.count <= limits.rank else {
      throw node.error(
        .zarrTooLarge, "the array has \(node.count) dimensions; at most \(limits.rank) are read")
    }
    var extents: [Int] = []
    for element in try node.array() { extents.append(try element.nonNegativeInt()) }
    guard let shape = Shape(extents) else {
      throw node.error(.zarrTooLarge, "the extents' product is larger than any array")
    }
    return shape
  }

  /// Reads the shape of chunks; an extent may be 0 only for dimensions that are empty themselves.
  static func chunkShape(
    _ node: JSONNode, of shape: Shape, limits: ReadLimits
  ) throws(CoppiceError) -> Shape {
    var extents = try Self.shape(node, limits: limits).dimensions
    guard extents.count == shape.rank else {
      throw node.error(
        .zarrMalformed,
        "chunks have \(extents.count) dimensions, but the array has \(shape.rank)")
    }
    for dimension in extents.indices where extents[dimension] == 0 {
      guard shape.dimensions[dimension] == 0 else {
        throw node.error(.zarrMalformed, "a chunk's extent is 0")
      }
      extents[dimension] = 1
    }
    guard let chunk = Shape(extents) else {
      throw node.error(.zarrTooLarge, "the extents' product is larger than any array")
    }
    return chunk
  }

  /// Adds the dimension of the rows that are texts of a fixed size.
  ///
  /// - Throws: `zarr.too-large` when the sizes overflow.
  mutating func addTextRows(_ node: JSONNode) throws(CoppiceError) {
    guard let row = text?.row else { return }
    func extended(_ shape: Shape) throws(CoppiceError) -> Shape {
      guard let found = Shape(shape.dimensions + [row.count]) else {
        throw node.error(.zarrTooLarge, "the extents' product is larger than any array")
      }
      return found
    }
    coding.order = coding.order.map { $0 + [shape.rank] }
    shape = try extended(shape)
    chunkShape = try extended(chunkShape)
    for level in shards.indices {
      shards[level].innerShape = try extended(shards[level].innerShape)
      shards[level].counts.append(1)
    }
  }

  /// Checks sizes before data are read or memory is allocated.
  func checkSizes(_ node: JSONNode, limits: ReadLimits) throws(CoppiceError) {
    guard let bytes = shape.byteCount(of: dtype), bytes <= Self.mostArrayBytes else {
      throw node.error(
        .zarrTooLarge,
        "the array \(shape) is larger than any file; the document is damaged or made up")
    }
    // An array without elements has no chunks, and writers give it one of any extents.
    guard let chunk = innerShape.byteCount(of: dtype),
      chunk <= limits.chunkBytes || shape.elementCount == 0
    else {
      throw node.error(
        .zarrTooLarge,
        "a chunk \(innerShape) of \(dtype) is larger than the \(limits.chunkBytes) bytes allowed; the "
          + "document is damaged, or the array must be saved in smaller chunks")
    }
  }

  static func unknownCodec(_ name: String, _ node: JSONNode) -> CoppiceError {
    node.error(
      .zarrUnknownCodec,
      "the codec \"\(name.printableName)\" is not known; blosc, zstd, gzip, zlib, lz4 and crc32c are, "
        + "so save the array with one of these")
  }

  static func unknownDtype(_ name: String, _ node: JSONNode) -> CoppiceError {
    node.error(
      .zarrUnknownDtype,
      "the element type \"\(name.printableName)\" is not known; save the array with a type of numbers or "
        + "texts"
    )
  }
}
