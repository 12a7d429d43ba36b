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

  package func read(
    _ range: ArrayBox, into target: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard range.shape == shape else {
      try read(range, into: &target)
      return try tell(target.byteCount)
    }
    let count = bytes.byteCount
    try target.fill(parts: (count + Self.partBytes - 1) / Self.partBytes) {
      (parts, whole) throws(CoppiceError) in
      for part in parts {
        let place = (part * Self.partBytes)..<min((part + 1) * Self.partBytes, count)
        var piece = whole._mutatingExtracting(place)
        try bytes.read(at: place.lowerBound, into: &piece)
        try tell(place.count)
      }
    }
  }

  /// The bytes of a whole array that one thread reads at a time.
  private static let partBytes = 4 << 20

  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let limit = max(limit / dtype.width, 1) * dtype.width
    try bytes.forward.forEachPiece(ofAtMost: limit, body)
  }
}
