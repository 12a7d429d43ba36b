import CoppiceModel

/// An array that is read in pieces of odd sizes.
struct PiecewiseSource: ArraySource {
  let array: NDArray
  /// The bytes of a piece.
  var size = 100_003
  var isUncoded = false
  var decodingUnit: Shape { isUncoded ? shape.ofOneElement : shape }

  var dtype: DType { array.dtype }
  var shape: Shape { array.shape }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try array.read(range, into: &bytes)
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try array.forEachPiece(ofAtMost: size / dtype.width * dtype.width, body)
  }
}
