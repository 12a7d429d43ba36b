package import CoppiceModel

/// An array whose bytes lie unbroken and uncoded in a byte source.
package struct ContiguousArraySource: ArraySource {
  package let dtype: DType
  package let shape: Shape
  private let bytes: any ByteSource

  /// Makes a source; `nil` when the number of bytes isn't that of type and shape.
  package init?(dtype: DType, shape: Shape, bytes: any ByteSource) {
    guard shape.byteCount(of: dtype) == bytes.byteCount else { return nil }
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  package var contiguousBytes: (any ByteSource)? { bytes }

  package func read(
    _ range: ArrayIndexRange, into target: inout MutableRawSpan
  ) throws(CoppiceError) {
    for run in BoxRuns(of: range, in: shape, width: dtype.width) {
      var piece = target._mutatingExtracting(run.boxOffset..<(run.boxOffset + run.count))
      try bytes.read(at: run.wholeOffset, into: &piece)
    }
  }

  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let limit = max(limit / dtype.width, 1) * dtype.width
    try bytes.forEachPiece(ofAtMost: limit, body)
  }
}
