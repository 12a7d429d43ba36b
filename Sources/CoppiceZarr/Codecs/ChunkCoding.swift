import CoppiceCompression
package import CoppiceModel

/// The way from a chunk's elements to its stored bytes.
struct ChunkCoding: Hashable, Sendable {
  /// A codec that turns bytes into bytes.
  enum ByteCodec: Hashable, Sendable {
    case zstd, gzip, zlib, crc32c
  }

  /// The array's dimension for each stored dimension, outermost first; `nil` for C order.
  var order: [Int]?
  /// Whether elements are stored with their most significant byte first.
  var isBigEndian = false
  /// The codecs in the order in which they were applied.
  var codecs: [ByteCodec] = []

  /// Returns a stream of the decoded bytes.
  ///
  /// - Parameter boundedContent: The bytes of a chunk, if the stream must keep to `memory`.
  func stream(
    over source: any ByteSource, bufferSize: Int, boundedContent: Int? = nil
  ) throws(CoppiceError) -> any ByteStream {
    var stream: any ByteStream = SourceStream(source)
    for (position, codec) in codecs.enumerated().reversed() {
      switch codec {
      case .zstd:
        let content = boundedContent.flatMap { contentSize(before: position, chunkBytes: $0) }
        stream = try ZstdStream(stream, bufferSize: bufferSize, boundedContent: content)
      case .gzip: stream = try InflateStream(stream, .gzip, bufferSize: bufferSize)
      case .zlib: stream = try InflateStream(stream, .zlib, bufferSize: bufferSize)
      case .crc32c: stream = CRC32CStream(stream, bufferSize: bufferSize)
      }
    }
    return stream
  }

  /// Returns the memory that a bounded stream over these bytes takes.
  func memory(
    of source: any ByteSource, chunkBytes: Int, bufferSize: Int
  ) throws(CoppiceError) -> Int {
    var sum = 256
    for (position, codec) in codecs.enumerated().reversed() {
      switch codec {
      case .zstd:
        // The frame's header is readable only if no codec other than checksums was applied after
        // it.
        let isSeen = codecs[(position + 1)...].allSatisfy { $0 == .crc32c }
        let beginning = try source.bytes(
          at: 0, count: isSeen ? min(source.byteCount, ZstdFrameHeader.longest) : 0)
        sum += ZstdStream.memory(
          forFrameBeginning: unsafe beginning.span.bytes,
          contentSize: contentSize(before: position, chunkBytes: chunkBytes) ?? .max,
          bufferSize: bufferSize)
      case .gzip, .zlib: sum += bufferSize + (48 << 10)
      case .crc32c: sum += bufferSize
      }
    }
    return sum
  }

  /// Returns the number of bytes that a codec was given, if only checksums were added before it.
  private func contentSize(before position: Int, chunkBytes: Int) -> Int? {
    guard codecs[..<position].allSatisfy({ $0 == .crc32c }) else { return nil }
    return chunkBytes + 4 * position
  }
}

extension ByteSource {
  /// Reads a range into an array; the caller must have bounded its size.
  package func bytes(at offset: Int, count: Int) throws(CoppiceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try read(at: offset, into: &target)
    return bytes
  }
}
