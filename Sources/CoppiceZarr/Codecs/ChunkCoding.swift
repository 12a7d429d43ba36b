import CoppiceCompression
package import CoppiceModel

/// The way from a chunk's elements to its stored bytes.
struct ChunkCoding: Hashable, Sendable {
  /// A codec that turns bytes into bytes.
  enum ByteCodec: Hashable, Sendable {
    case zstd, gzip, zlib, crc32c, blosc, lz4
    /// The bytes of elements, grouped by their place in the element.
    case shuffle(elementBytes: Int)
    /// The differences of little-endian integers.
    case delta(elementBytes: Int)

    /// Whether decoding has all bytes of a chunk in memory.
    var isWhole: Bool {
      switch self {
      case .zstd, .gzip, .zlib, .crc32c, .blosc: false
      case .lz4, .shuffle, .delta: true
      }
    }

    /// The number of bytes that coding adds, if it is the same for any content.
    var addedBytes: Int? {
      switch self {
      case .crc32c: 4
      case .shuffle, .delta: 0
      case .zstd, .gzip, .zlib, .blosc, .lz4: nil
      }
    }
  }

  /// The array's dimension for each stored dimension, outermost first; `nil` for C order.
  var order: [Int]?
  /// Whether elements are stored with their most significant byte first.
  var isBigEndian = false
  /// The codecs in the order in which they were applied.
  var codecs: [ByteCodec] = []

  /// Whether decoding has all bytes of a chunk in memory.
  var isWhole: Bool { codecs.contains(where: \.isWhole) }

  /// Returns a stream of the decoded bytes of a chunk, which has `chunkBytes`.
  ///
  /// - Parameters:
  ///   - isBounded: Whether the stream must keep to the memory that `memory(of:)` says.
  ///   - most: The most bytes that decoding a block may take.
  func stream(
    over source: any ByteSource, chunkBytes: Int, bufferSize: Int, isBounded: Bool, most: Int
  ) throws(CoppiceError) -> any ByteStream {
    var stream: any ByteStream = SourceStream(source)
    for (position, codec) in codecs.enumerated().reversed() {
      let limit = mostBytes(before: position, chunkBytes: chunkBytes)
      switch codec {
      case .zstd:
        let content = isBounded ? contentSize(before: position, chunkBytes: chunkBytes) : nil
        stream = try ZstdStream(stream, bufferSize: bufferSize, boundedContent: content)
      case .gzip: stream = try InflateStream(stream, .gzip, bufferSize: bufferSize)
      case .zlib: stream = try InflateStream(stream, .zlib, bufferSize: bufferSize)
      case .crc32c: stream = CRC32CStream(stream, bufferSize: bufferSize)
      case .blosc:
        // The blocks of a frame may be in any order.
        let frame: any ByteSource =
          position == codecs.count - 1
          ? source : MemoryBytes(try stream.readAll(limit: limit + BloscHeader.length))
        stream = try BloscStream(frame, memory: most)
      case .lz4:
        stream = WholeStream(stream) { (below: any ByteStream) throws(CoppiceError) -> [UInt8] in
          try LZ4Block.decode(below, limit: limit)
        }
      case .shuffle(let width):
        stream = WholeStream(stream) { (below: any ByteStream) throws(CoppiceError) -> [UInt8] in
          WholeCodecs.unshuffle(try below.readAll(limit: limit), elementBytes: width)
        }
      case .delta(let width):
        stream = WholeStream(stream) { (below: any ByteStream) throws(CoppiceError) -> [UInt8] in
          WholeCodecs.addUp(try below.readAll(limit: limit), elementBytes: width)
        }
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
      let whole = mostBytes(before: position, chunkBytes: chunkBytes)
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
      case .blosc:
        sum += position == codecs.count - 1 ? try BloscHeader(source).memory : 6 * whole
      case .lz4, .shuffle: sum += 2 * whole
      case .delta: sum += whole
      }
    }
    return sum
  }

  /// Returns the number of bytes that a codec was given, if the codecs before it add a fixed number.
  private func contentSize(before position: Int, chunkBytes: Int) -> Int? {
    var size = chunkBytes
    for codec in codecs[..<position] {
      guard let added = codec.addedBytes else { return nil }
      size += added
    }
    return size
  }

  /// Returns the most bytes that a codec was given: compressing may make a content larger.
  private func mostBytes(before position: Int, chunkBytes: Int) -> Int {
    contentSize(before: position, chunkBytes: chunkBytes) ?? chunkBytes + chunkBytes / 64 + 4096
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
