extension ArrayStorage: ByteSource {
  /// Copies bytes out of the storage.
  public func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let count = bytes.byteCount
    withBytes { bytes.copy(from: $0.extracting(offset..<(offset + count)), at: 0) }
  }
}

extension NDArray: ArraySource {
  /// The array.
  public var inMemory: NDArray? { self }

  /// Copies a box out of the array.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    withBytes { whole in
      if range.shape == shape {
        bytes.copy(from: whole, at: 0)
        return
      }
      for run in BoxRuns(of: range, in: shape, width: dtype.width) {
        let source = whole.extracting(run.wholeOffset..<(run.wholeOffset + run.count))
        bytes.copy(from: source, at: run.boxOffset)
      }
    }
  }

  /// Lends the bytes where they lie, without a copy.
  public func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try withBytes { (whole: RawSpan) throws(CoppiceError) in
      var offset = 0
      while offset < whole.byteCount {
        let end = min(offset + max(limit, dtype.width), whole.byteCount)
        try body(whole.extracting(offset..<end))
        offset = end
      }
    }
  }
}
