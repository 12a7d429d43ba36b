import CCRC32C
import Compression
import CoppiceModel

/// The bytes before a CRC-32C, which stands in the last four bytes of the stream below.
final class CRC32CStream: ByteStream {
  private let below: any ByteStream
  private var buffer: [UInt8]
  private var start = 0
  private var end = 0
  private var hasEnded = false
  private var sum: UInt32 = 0

  private static let sumBytes = 4

  init(_ below: any ByteStream, bufferSize: Int) {
    self.below = below
    self.buffer = [UInt8](repeating: 0, count: max(bufferSize, 64))
  }

  func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int {
    let wanted = bytes.byteCount
    var done = 0
    while done < wanted {
      // The last four bytes are held back: they may be the sum.
      if end - start <= Self.sumBytes {
        guard !hasEnded else { break }
        try refill()
        continue
      }
      let count = min(wanted - done, end - start - Self.sumBytes)
      let piece = unsafe buffer.span.bytes.extracting(start..<(start + count))
      sum = unsafe piece.withUnsafeBytes { unsafe ccrc32c_extend(sum, $0.baseAddress, $0.count) }
      bytes.copy(from: piece, at: done)
      start += count
      done += count
    }
    return done
  }

  /// Moves what is left to the front and reads on; at the end checks the sum.
  private func refill() throws(CoppiceError) {
    let left = end - start
    for index in 0..<left { buffer[index] = buffer[start + index] }
    start = 0
    let below = below
    var span = buffer.mutableSpan
    var bytes = unsafe span.mutableBytes
    let room = bytes.byteCount - left
    var target = bytes._mutatingExtracting(left..<bytes.byteCount)
    let got = try below.read(into: &target)
    end = left + got
    guard got < room else { return }
    hasEnded = true
    guard end >= Self.sumBytes else {
      throw CoppiceError(
        .compressionTruncated, "the data end before their CRC-32C; the file is damaged")
    }
    // Everything that is left but the sum itself is still to be given, and is summed now.
    let rest = unsafe buffer.span.bytes.extracting(0..<(end - Self.sumBytes))
    let whole = unsafe rest.withUnsafeBytes { unsafe ccrc32c_extend(sum, $0.baseAddress, $0.count) }
    let stored = buffer[(end - Self.sumBytes)..<end].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    guard whole == stored else {
      throw CoppiceError(.compressionDamaged, "the CRC-32C of the data is wrong; they are damaged")
    }
  }
}
