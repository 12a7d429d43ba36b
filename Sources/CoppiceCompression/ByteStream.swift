package import CoppiceModel

/// A sequence of bytes that can be read once, in order.
///
/// Decoders are streams over streams: each reads coded bytes from the stream below and returns
/// plain bytes. It never returns more than the caller asks for, so that no input can make memory
/// grow.
package protocol ByteStream: AnyObject {
  /// Fills `bytes` from the front.
  ///
  /// - Returns: The number of bytes written; fewer than requested only at the end of the stream.
  /// - Throws: `compression.*` when the coded bytes are damaged; `io.*`.
  func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int
}

extension ByteStream {
  /// Reads exactly as many bytes as the span holds.
  ///
  /// - Throws: `compression.size` when the stream ends earlier.
  package func readExactly(into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let wanted = bytes.byteCount
    let got = try read(into: &bytes)
    guard got == wanted else { throw .contentTooShort(by: wanted - got) }
  }

  /// Skips bytes, reading them into the caller's buffer.
  ///
  /// - Throws: `compression.size` when the stream ends earlier.
  package func skip(_ count: Int, through buffer: inout [UInt8]) throws(CoppiceError) {
    if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: 1 << 16) }
    var left = count
    while left > 0 {
      var span = buffer.mutableSpan
      var bytes = unsafe span.mutableBytes
      var piece = bytes._mutatingExtracting(first: min(left, bytes.byteCount))
      try readExactly(into: &piece)
      left -= piece.byteCount
    }
  }

  /// Checks that no byte follows; this also makes a decoder check its checksums.
  ///
  /// - Throws: `compression.size` when there is one.
  package func requireEnd() throws(CoppiceError) {
    var one: [UInt8] = [0]
    var span = one.mutableSpan
    var bytes = unsafe span.mutableBytes
    guard try read(into: &bytes) == 0 else { throw .contentTooLong }
  }
}

extension CoppiceError {
  package static func contentTooShort(by count: Int) -> CoppiceError {
    CoppiceError(
      .compressionSize, "the content is \(count) bytes short; it is damaged")
  }

  package static var contentTooLong: CoppiceError {
    CoppiceError(
      .compressionSize, "the content has more bytes than declared; it is damaged")
  }
}

/// The bytes of a source from first to last.
package final class SourceStream: ByteStream {
  private let source: any ByteSource
  private var offset = 0

  package init(_ source: any ByteSource) { self.source = source }

  package func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int {
    let count = min(bytes.byteCount, source.byteCount - offset)
    guard count > 0 else { return 0 }
    var piece = bytes._mutatingExtracting(first: count)
    try source.read(at: offset, into: &piece)
    offset += count
    return count
  }
}
