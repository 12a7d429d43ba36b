/// An array whose elements are checked on reading.
///
/// Spec: MOD-12.
package struct CheckedSource: ArraySource {
  /// The array without the check.
  let base: any ArraySource

  package init(_ base: any ArraySource) { self.base = base }

  package var dtype: DType { base.dtype }
  package var shape: Shape { base.shape }
  package var decodingUnit: Shape { base.decodingUnit }
  package var identity: ArrayIdentity? { base.identity }
  package var view: ArrayView? { base.view }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  /// Reads a box.
  ///
  /// - Throws: The errors of the base; `arrays.bad-element`.
  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try base.read(range, into: &bytes)
    try ElementCheck.check(bytes.bytes, dtype) { range.element($0, in: shape) }
  }

  /// Reads the whole array in pieces, each checked before it is passed on.
  ///
  /// - Throws: The errors of the base and of `body`; `arrays.bad-element`.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var first = 0
    try base.forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in
      try ElementCheck.check(piece, dtype) { first + $0 }
      try body(piece)
      first += piece.byteCount / dtype.width
    }
  }
}
