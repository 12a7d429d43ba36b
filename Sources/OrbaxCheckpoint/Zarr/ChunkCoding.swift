import Compression
import CoppiceModel

/// How the elements of a chunk became the bytes that are stored.
struct ChunkCoding: Hashable, Sendable {
  /// A codec that turns bytes into bytes.
  enum ByteCodec: Hashable, Sendable {
    case zstd, gzip, zlib, crc32c
  }

  /// The array's dimension that each stored dimension is, outermost first; `nil` for C order.
  var order: [Int]?
  /// Whether elements are stored with their most significant byte first.
  var isBigEndian = false
  /// The codecs in the order in which they were applied.
  var codecs: [ByteCodec] = []

  /// A stream of the decoded bytes.
  func stream(over source: any ByteSource, bufferSize: Int) throws(CoppiceError) -> any ByteStream {
    var stream: any ByteStream = SourceStream(source)
    for codec in codecs.reversed() {
      switch codec {
      case .zstd: stream = try ZstdStream(stream, bufferSize: bufferSize)
      case .gzip: stream = try InflateStream(stream, .gzip, bufferSize: bufferSize)
      case .zlib: stream = try InflateStream(stream, .zlib, bufferSize: bufferSize)
      case .crc32c: stream = CRC32CStream(stream, bufferSize: bufferSize)
      }
    }
    return stream
  }

  /// The memory that a stream over these bytes takes.
  func memory(
    of source: any ByteSource, contentSize: Int, bufferSize: Int
  ) throws(CoppiceError) -> Int {
    var sum = 256
    for codec in codecs.reversed() {
      switch codec {
      case .zstd:
        // Only the outermost codec's bytes can be looked at; the rest is estimated.
        var beginning: [UInt8] = []
        if codec == codecs.last {
          beginning = try source.bytes(
            at: 0, count: min(source.byteCount, ZstdFrameHeader.longest))
        }
        sum += ZstdStream.memory(
          forFrameBeginning: unsafe beginning.span.bytes, contentSize: contentSize,
          bufferSize: bufferSize)
      case .gzip, .zlib: sum += bufferSize + (48 << 10)
      case .crc32c: sum += bufferSize
      }
    }
    return sum
  }
}

extension ByteSource {
  /// Reads a range into an array; the caller has bounded its size.
  func bytes(at offset: Int, count: Int) throws(CoppiceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try read(at: offset, into: &target)
    return bytes
  }
}
