package import CoppiceModel

/// An array whose bytes lie contiguous and unencoded in a byte source.
package struct ContiguousArraySource: ArraySource {
  package let dtype: DType
  package let shape: Shape
  private let bytes: any ByteSource

  /// Makes a source; `nil` when the byte count doesn't match dtype and shape.
  package init?(dtype: DType, shape: Shape, bytes: any ByteSource) {
    guard shape.byteCount(of: dtype) == bytes.byteCount else { return nil }
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  package var contiguousBytes: (any ByteSource)? { bytes }

  package func read(
    _ range: ArrayBox, into target: inout MutableRawSpan
  ) throws(CoppiceError) {
    try bytes.read(
      range, of: shape, width: dtype.width, to: ArrayBox(whole: range.shape),
      of: range.shape, into: &target)
  }

  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let limit = max(limit / dtype.width, 1) * dtype.width
    try bytes.forEachPiece(ofAtMost: limit, body)
  }
}

extension ContiguousArraySource: BoxwiseSource {
  private static let partBytes = 4 << 20

  package var partCount: Int {
    (bytes.byteCount + Self.partBytes - 1) / Self.partBytes
  }

  package func read(
    parts: Range<Int>, into whole: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    for part in parts {
      let start = part * Self.partBytes
      let end = min(start + Self.partBytes, bytes.byteCount)
      var piece = whole._mutatingExtracting(start..<end)
      try bytes.read(at: start, into: &piece)
      try tell(end - start)
    }
  }
}
