import CoppiceCompression
import CoppiceModel

/// The bytes before a CRC-32C, which is in the last four bytes of the stream below.
final class CRC32CStream: ByteStream {
  private var held: Held

  init(_ below: any ByteStream, bufferSize: Int) {
    held = Held(below, size: max(bufferSize, 64))
  }

  func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int {
    let wanted = bytes.byteCount
    var done = 0
    while done < wanted {
      if held.ready == 0 {
        guard try held.refill() else { break }
      }
      done += held.give(&bytes, from: done)
    }
    return done
  }

  /// Bytes read from the stream below; the last four are kept back, since they may be the sum.
  private struct Held {
    private let below: any ByteStream
    private var bytes: [UInt8]
    private var start = 0
    private var end = 0
    private var hasEnded = false
    private var sum: UInt32 = 0

    init(_ below: any ByteStream, size: Int) {
      self.below = below
      bytes = [UInt8](repeating: 0, count: size)
    }

    /// The number of bytes that may be passed on.
    var ready: Int { max(end - start - 4, 0) }

    mutating func give(_ target: inout MutableRawSpan, from offset: Int) -> Int {
      let count = min(target.byteCount - offset, ready)
      target.copy(from: unsafe bytes.span.bytes.extracting(start..<(start + count)), at: offset)
      start += count
      return count
    }

    /// Reads more bytes and adds them to the sum; checks the sum at the end.
    ///
    /// - Returns: Whether the stream has more bytes.
    mutating func refill() throws(CoppiceError) -> Bool {
      guard !hasEnded else { return false }
      let left = end - start
      for index in 0..<left { bytes[index] = bytes[start + index] }
      start = 0
      end = left
      let got = try fill(from: left)
      end += got
      hasEnded = end < bytes.count
      guard end >= 4 else {
        throw CoppiceError(
          .compressionTruncated, "the data end before their CRC-32C; the file is damaged")
      }
      sum = CRC32C.extend(sum, unsafe bytes.span.bytes.extracting(0..<(end - 4)))
      guard hasEnded else { return true }
      let stored = bytes[(end - 4)..<end].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      guard sum == stored else {
        throw CoppiceError(
          .compressionDamaged, "the CRC-32C of the data is wrong; they are damaged")
      }
      return true
    }

    private mutating func fill(from offset: Int) throws(CoppiceError) -> Int {
      let below = below
      var span = bytes.mutableSpan
      var whole = unsafe span.mutableBytes
      var target = whole._mutatingExtracting(offset..<whole.byteCount)
      return try below.read(into: &target)
    }
  }
}
