import CCoppiceLZ4
import CoppiceCompression
import CoppiceModel

/// A stream whose content is made of all bytes below at once.
///
/// The caller has bounded the content, which is in memory.
final class WholeStream: ByteStream {
  private let below: any ByteStream
  private let make: (any ByteStream) throws(CoppiceError) -> [UInt8]
  private var bytes: [UInt8]?
  private var position = 0

  init(
    _ below: any ByteStream, _ make: @escaping (any ByteStream) throws(CoppiceError) -> [UInt8]
  ) {
    self.below = below
    self.make = make
  }

  func read(into target: inout MutableRawSpan) throws(CoppiceError) -> Int {
    if bytes == nil { bytes = try make(below) }
    let bytes = bytes ?? []
    let count = min(target.byteCount, bytes.count - position)
    target.copy(
      from: unsafe bytes.span.bytes.extracting(position..<(position + count)), at: 0)
    position += count
    return count
  }
}

extension ByteStream {
  /// Reads to the end; the content may have at most `limit` bytes.
  ///
  /// - Throws: `compression.size` when it has more.
  func readAll(limit: Int) throws(CoppiceError) -> [UInt8] {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(max(limit, 1), 1 << 16))
    while true {
      var span = piece.mutableSpan
      var bytes = unsafe span.mutableBytes
      let count = try read(into: &bytes)
      guard count > 0 else { return all }
      guard all.count + count <= limit else { throw .contentTooLong }
      all.append(contentsOf: piece[..<count])
    }
  }
}

/// A block of LZ4 after the size of its content, as numcodecs writes it.
enum LZ4Block {
  /// Returns the most bytes that a block with a content has.
  static func mostBytes(of content: Int) -> Int { content + content / 255 + 64 }

  /// Returns the content, which must have at most `limit` bytes.
  static func decode(_ stream: any ByteStream, limit: Int) throws(CoppiceError) -> [UInt8] {
    let coded = try stream.readAll(limit: mostBytes(of: limit))
    guard coded.count > 4 else {
      throw CoppiceError(
        .compressionTruncated, "the data end before a block of LZ4 begins; the file is damaged")
    }
    let count = Int(BloscHeader.word(coded, at: 0))
    guard count <= limit else { throw .contentTooLong }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe coded.withUnsafeBytes { source in
      unsafe bytes.withUnsafeMutableBytes { target -> Int32 in
        guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
        return unsafe LZ4_decompress_safe(
          (from + 4).assumingMemoryBound(to: CChar.self), to.assumingMemoryBound(to: CChar.self),
          Int32(source.count - 4), Int32(target.count))
      }
    }
    guard Int(got) == count else {
      throw CoppiceError(
        .compressionDamaged, "the block of LZ4 can't be decoded; the file is damaged")
    }
    return bytes
  }
}
