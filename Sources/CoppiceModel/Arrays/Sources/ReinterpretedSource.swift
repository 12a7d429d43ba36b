/// A view of an array's bytes under another dtype and shape with the same byte count.
///
/// The shape is the base's, or has one more dimension at the end that splits each element.
package struct ReinterpretedSource: ArraySource {
  package let dtype: DType
  package let shape: Shape
  private let base: any ArraySource

  /// Makes a source; `nil` when the byte counts differ.
  package init?(_ base: any ArraySource, dtype: DType, shape: Shape) {
    guard base.shape.byteCount(of: base.dtype) == shape.byteCount(of: dtype) else { return nil }
    self.base = base
    self.dtype = dtype
    self.shape = shape
  }

  package var inMemory: NDArray? { base.inMemory?.viewed(as: dtype, shape) }
  package var contiguousBytes: (any ByteSource)? { base.contiguousBytes }
  package var block: ArrayBlock? { base.block }

  package func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  package func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try read(range, into: &bytes) { _ in }
  }

  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard shape.rank > base.shape.rank else {
      return try base.read(range, into: &bytes, tell: tell)
    }
    // With the extra dimension: read the whole elements, then copy the requested box of their
    // halves.
    let last = shape.rank - 1
    guard let outer = Shape(Array(range.shape.dimensions[..<last])),
      let box = ArrayBox(offset: Array(range.offset[..<last]), shape: outer),
      let parts = Shape(range.shape.dimensions[..<last] + [shape.dimensions[last]])
    else { return }
    if range.shape.dimensions[last] == shape.dimensions[last] {
      return try base.read(box, into: &bytes, tell: tell)
    }
    let elements = try NDArray(dtype: dtype, shape: parts) {
      (target: inout MutableRawSpan) throws(CoppiceError) in
      try base.read(box, into: &target)
    }
    guard
      let part = ArrayBox(
        offset: Array(repeating: 0, count: last) + [range.offset[last]], shape: range.shape)
    else { return }
    try elements.read(part, into: &bytes, tell: tell)
  }

  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try base.forEachPiece(ofAtMost: limit, body)
  }
}
