extension ByteSource {
  /// Reads all bytes in order, in pieces of at most `limit` bytes.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    // `ArrayMemory` is aligned, so that it can be written directly, bypassing the page cache.
    let memory = try ArrayMemory(byteCount: min(max(limit, 1), byteCount))
    try memory.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      var offset = 0
      while offset < byteCount {
        var piece = bytes._mutatingExtracting(first: min(memory.byteCount, byteCount - offset))
        try read(at: offset, into: &piece)
        try body(piece.bytes)
        offset += piece.byteCount
      }
    }
  }
}
