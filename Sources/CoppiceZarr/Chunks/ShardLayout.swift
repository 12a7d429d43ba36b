import CoppiceCompression
import CoppiceModel

/// The arrangement of chunks in a shard, whose index has an offset and a size for each chunk.
struct ShardLayout: Hashable, Sendable {
  /// The shape of the chunks; it divides the shard's evenly.
  var innerShape: Shape
  /// The number of chunks along each dimension of a shard.
  var counts: [Int]
  /// The number of chunks in a shard.
  var chunkCount: Int
  var indexIsAtEnd = true
  var indexIsBigEndian = false
  var indexHasChecksum = false

  init(innerShape: Shape, outerShape: Shape) {
    self.innerShape = innerShape
    counts = zip(outerShape.dimensions, innerShape.dimensions).map { $0 / $1 }
    chunkCount = counts.reduce(1, *)
  }

  /// The most bytes that an index may have.
  private static let mostIndexBytes = 32 << 20

  /// The size of the index in bytes.
  private var indexBytes: Int? {
    let (bytes, overflow) = chunkCount.multipliedReportingOverflow(by: 16)
    return overflow ? nil : bytes + (indexHasChecksum ? 4 : 0)
  }

  /// The range of one chunk in its shard; `nil` when the chunk is left out.
  struct Place: Hashable, Sendable {
    var offset: Int
    var count: Int
  }

  /// Reads the index of a shard.
  func readIndex(of shard: any ByteSource) throws(CoppiceError) -> [Place?] {
    guard let count = indexBytes, count <= Self.mostIndexBytes else {
      throw CoppiceError(
        .zarrTooLarge, "the shard's index has \(chunkCount) entries, more than are read")
    }
    guard count <= shard.byteCount else {
      throw CoppiceError(
        .zarrShardIndex,
        "the shard has \(shard.byteCount) bytes, fewer than the \(count) of its index; it is cut, or of "
          + "another array")
    }
    let bytes = try shard.bytes(at: indexIsAtEnd ? shard.byteCount - count : 0, count: count)
    guard !indexHasChecksum || CRC32C.holds(bytes) else {
      throw CoppiceError(
        .zarrShardIndex,
        "the checksum of the shard's index is wrong; the file is damaged, so copy it again")
    }
    var places: [Place?] = []
    places.reserveCapacity(chunkCount)
    for index in 0..<chunkCount {
      let offset = number(bytes, at: 16 * index)
      let size = number(bytes, at: 16 * index + 8)
      if offset == .max, size == .max {
        places.append(nil)
        continue
      }
      guard let offset = Int(exactly: offset), let size = Int(exactly: size),
        size <= shard.byteCount, offset <= shard.byteCount - size
      else {
        throw CoppiceError(
          .zarrShardIndex,
          "the shard's index places chunk \(index) outside of the shard; the file is damaged or cut"
        )
      }
      places.append(Place(offset: offset, count: size))
    }
    return places
  }

  private func number(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    let value = unsafe bytes.span.bytes.unsafeLoadUnaligned(
      fromByteOffset: offset, as: UInt64.self)
    return indexIsBigEndian ? value.bigEndian : value.littleEndian
  }
}
