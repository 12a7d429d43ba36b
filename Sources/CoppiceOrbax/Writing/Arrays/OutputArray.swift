import CoppiceFiles
import CoppiceModel
import CoppiceZarr

/// An array to be stored: its parameter name, its type, and its chunks.
struct OutputArray: Sendable {
  let name: String
  /// The path of the array in the tree.
  let path: TreePath
  /// The array whose bytes in C order are stored.
  private(set) var source: any ArraySource
  /// The extents of a chunk.
  let chunk: Shape
  /// The number of chunks along each dimension.
  private(set) var counts: [Int]
  /// The index of the first chunk, for a part of an array.
  private var origin: [Int]
  var sharding: Sharding?
  var randomKey: String?
  /// Whether zarr's version 3 describes it.
  let usesVersion3: Bool

  /// Makes an array to be stored.
  ///
  /// - Parameter chosen: The extents of a chunk; `nil` makes chunks that are contiguous in C order.
  init(
    _ source: any ArraySource, name: String, path: TreePath, _ options: OrbaxWriteOptions,
    chunk chosen: Shape? = nil
  ) {
    self.source = source
    self.name = name
    self.path = path
    usesVersion3 = options.usesZarr3
    let extents =
      chosen?.dimensions
      ?? Self.chunk(of: source.shape, width: source.dtype.width, options.chunkBytes)
    chunk = Shape(extents) ?? .scalar
    counts = ChunkGrid.counts(of: source.shape, chunk: extents)
    origin = extents.map { _ in 0 }
  }

  /// Returns the extents of chunks of at most `limit` bytes and of similar size.
  private static func chunk(of shape: Shape, width: Int, _ limit: Int) -> [Int] {
    guard shape.elementCount > 0 else {
      // The extents of an empty array may be of any size: its chunk has those that fit.
      var room = max(limit / width, 1)
      return shape.dimensions.map { extent in
        let kept = extent <= room ? max(extent, 1) : 1
        room /= kept
        return kept
      }
    }
    var extents = ContiguousSlabs(of: shape, width: width, limit: max(limit, 1)).bandShape
    // Only one dimension is cut into extents of more than one element.
    for dimension in extents.indices where extents[dimension] > 1 {
      let extent = shape.dimensions[dimension]
      let parts = (extent + extents[dimension] - 1) / extents[dimension]
      extents[dimension] = (extent + parts - 1) / parts
    }
    return extents
  }

  var dtype: DType { source.dtype }

  /// Whether the array's bytes in C order are those of its chunks, one chunk after the other.
  var hasContiguousChunks: Bool {
    // One dimension may be cut anywhere; those before it have extent 1, those after it are whole.
    guard let cut = chunk.dimensions.firstIndex(where: { $0 > 1 }) else { return true }
    return counts.dropFirst(cut + 1).allSatisfy { $0 <= 1 }
  }

  /// The number of chunks.
  var chunkCount: Int { source.shape.elementCount == 0 ? 0 : counts.reduce(1, *) }

  /// The size of a chunk before compression, including elements beyond the array's edge.
  var chunkBytes: Int { chunk.elementCount * dtype.width }

  /// The keys under which the array's description and its chunks are stored.
  var metadataKey: StoreKey { prefix + (usesVersion3 ? "zarr.json" : ".zarray").utf8 }

  private var prefix: StoreKey { name.isEmpty ? [] : Array(name.utf8) + [0x2F] }

  private var keys: ChunkKeyEncoding {
    usesVersion3
      ? ChunkKeyEncoding(style: .prefixed, separator: 0x2F)
      : ChunkKeyEncoding(style: .plain, separator: 0x2E)
  }

  /// Returns the key of a chunk, and the number of its bytes that are inside the array.
  func chunk(_ number: Int) -> (key: StoreKey, byteCount: Int) {
    var index = Array(repeating: 0, count: counts.count)
    var rest = number
    for dimension in counts.indices.reversed() {
      index[dimension] = rest % counts[dimension]
      rest /= counts[dimension]
    }
    var elements = 1
    for dimension in counts.indices {
      let start = index[dimension] * chunk.dimensions[dimension]
      elements *= min(chunk.dimensions[dimension], source.shape.dimensions[dimension] - start)
    }
    let whole = zip(origin, index).map { $0 + $1 }
    return (keys.key(whole, under: prefix), elements * dtype.width)
  }

  /// Returns the part of the array in a box that begins and ends where chunks do.
  private func part(_ box: ArrayBox) throws(CoppiceError) -> OutputArray {
    var part = self
    part.source = try source.source(of: box)
    part.counts = ChunkGrid.counts(of: box.shape, chunk: chunk.dimensions)
    part.origin = zip(box.offset, chunk.dimensions).map { $0 / $1 }
    return part
  }

  /// Returns the array in parts of whole chunks, of about a number of bytes.
  private func parts(ofBytes limit: Int) throws(CoppiceError) -> [OutputArray] {
    guard let (dimension, extent) = source.cut(intoBytes: limit, alongChunks: chunk) else {
      return [self]
    }
    var parts: [OutputArray] = []
    var (offset, extents) = (origin.map { _ in 0 }, source.shape.dimensions)
    let end = extents[dimension]
    for start in stride(from: 0, to: end, by: extent) {
      offset[dimension] = start
      extents[dimension] = min(extent, end - start)
      guard let shape = Shape(extents), let box = ArrayBox(offset: offset, shape: shape) else {
        continue
      }
      parts.append(try part(box))
    }
    return parts
  }

  /// Returns the parts of the arrays of some trees that a rank stores; all ranks have about as many bytes.
  static func shares(
    of trees: [[OutputArray]], among count: Int, of rank: Int
  ) throws(CoppiceError) -> [[OutputArray]] {
    guard count > 1 else { return trees }
    var division = ByteShares(
      of: trees.joined().reduce(0) { $0 + $1.source.byteCount }, among: count)
    var shares: [[OutputArray]] = []
    for arrays in trees {
      var share: [OutputArray] = []
      for array in arrays {
        for part in try array.parts(ofBytes: division.partBytes)
        where division.rank(ofNext: part.source.byteCount) == rank {
          share.append(part)
        }
      }
      shares.append(share)
    }
    return shares
  }
}

extension OutputArray {
  /// Returns the array in a type that TensorStore supports, with a note if the type isn't its own.
  static func writable(
    _ source: any ArraySource
  ) throws(CoppiceError) -> (source: any ArraySource, message: String?) {
    switch source.dtype {
    case .uint2, .uint4:
      let message = "\(source.dtype) is written as uint8, which has every value of it"
      return (ReinterpretedSource(source, dtype: .uint8, shape: source.shape) ?? source, message)
    case .float8_e4m3:
      let message = "float8_e4m3 is written as float16, which has every value of it"
      return (try CastingSource(source, to: .float16), message)
    default: return (source, nil)
    }
  }
}
