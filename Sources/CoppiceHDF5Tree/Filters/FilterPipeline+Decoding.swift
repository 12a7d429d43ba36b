import CoppiceCompression
import CoppiceFiles
import CoppiceModel

extension FilterPipeline {
  /// Decodes a chunk.
  ///
  /// - Parameters:
  ///   - chunk: The coded bytes, which the call overwrites.
  ///   - plain: The buffer for the elements' bytes.
  ///   - mask: Bit *i* set means that filter *i* was left out.
  /// - Throws: `hdf5.checksum`, `hdf5.chunk-damaged`.
  func decode(
    _ chunk: inout [UInt8], into plain: inout [UInt8], leavingOut mask: UInt32
  ) throws(CoppiceError) {
    for place in steps.indices.reversed() where mask & (1 << UInt32(place)) == 0 {
      switch steps[place] {
      case .fletcher32: try checkSum(&chunk)
      case .shuffle(let width):
        if width > 1 {
          Self.resize(&plain, to: chunk.count)
          var span = plain.mutableSpan
          var target = unsafe span.mutableBytes
          ByteShuffle.unshuffle(unsafe chunk.span.bytes, width: width, into: &target)
          swap(&plain, &chunk)
        }
      case .deflate, .lzf, .zstd:
        Self.resize(&plain, to: bytes(before: place, leavingOut: mask))
        try decompress(steps[place], chunk, into: &plain)
        swap(&plain, &chunk)
      }
    }
    swap(&plain, &chunk)
    guard plain.count == plainBytes else {
      throw CoppiceError(
        .hdf5ChunkDamaged,
        "the chunk holds \(plain.count) bytes instead of \(plainBytes); the file is damaged")
    }
  }

  /// Returns the size of a chunk before a filter is applied: each checksum before it adds four
  /// bytes.
  private func bytes(before place: Int, leavingOut mask: UInt32) -> Int {
    let sums = (0..<place).filter { steps[$0] == .fletcher32 && mask & (1 << UInt32($0)) == 0 }
    return plainBytes + 4 * sums.count
  }

  private static func resize(_ bytes: inout [UInt8], to count: Int) {
    if bytes.count > count {
      bytes.removeLast(bytes.count - count)
    } else if bytes.count < count {
      bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    }
  }

  private func checkSum(_ chunk: inout [UInt8]) throws(CoppiceError) {
    let count = chunk.count - 4
    guard count >= 0 else {
      throw CoppiceError(.hdf5ChunkDamaged, "the chunk has no room for its checksum")
    }
    let stored = chunk[count...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard Fletcher32.matches(stored, unsafe chunk.span.bytes.extracting(first: count)) else {
      throw CoppiceError(
        .hdf5Checksum, "the chunk's Fletcher-32 checksum is wrong; the file is damaged")
    }
    chunk.removeLast(4)
  }

  private func decompress(
    _ step: Step, _ chunk: [UInt8], into plain: inout [UInt8]
  ) throws(CoppiceError) {
    var span = plain.mutableSpan
    var target = unsafe span.mutableBytes
    do throws(CoppiceError) {
      let stream: any ByteStream
      let below = SourceStream(MemoryBytes(chunk))
      let bufferSize = min(max(chunk.count, 1), 1 << 16)
      switch step {
      case .deflate: stream = try InflateStream(below, .zlib, bufferSize: bufferSize)
      case .zstd: stream = try ZstdStream(below, bufferSize: bufferSize)
      default:
        guard LZF.decode(unsafe chunk.span.bytes, into: &target) else {
          throw CoppiceError(.hdf5ChunkDamaged, "the LZF data are damaged")
        }
        return
      }
      try stream.readExactly(into: &target)
      try stream.requireEnd()
    } catch {
      guard error.code.rawValue.hasPrefix("compression.") else { throw error }
      throw CoppiceError(.hdf5ChunkDamaged, "\(error.message) (of a chunk)", cause: .other(error))
    }
  }
}
