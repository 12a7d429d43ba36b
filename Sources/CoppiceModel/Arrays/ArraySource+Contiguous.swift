extension ByteSource {
  /// Reads all bytes in order, in pieces of at most `limit` bytes.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var buffer = [UInt8](repeating: 0, count: min(max(limit, 1), byteCount))
    var offset = 0
    while offset < byteCount {
      let count = min(buffer.count, byteCount - offset)
      var span = buffer.mutableSpan
      var bytes = unsafe span.mutableBytes
      var piece = bytes._mutatingExtracting(first: count)
      try read(at: offset, into: &piece)
      try body(unsafe buffer.span.bytes.extracting(first: count))
      offset += count
    }
  }
}
