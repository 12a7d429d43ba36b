/// An array with an axis of extent 1 added or removed: the same bytes under another shape.
struct AxisSource: ArraySource {
  private let base: any ArraySource
  private let axis: Int
  private let isAdded: Bool
  let shape: Shape

  /// Adds an axis; `nil` when the position is out of range.
  init?(_ base: any ArraySource, adding axis: Int) {
    guard (0...base.shape.rank).contains(axis) else { return nil }
    var dimensions = base.shape.dimensions
    dimensions.insert(1, at: axis)
    guard let shape = Shape(dimensions) else { return nil }
    (self.base, self.axis, isAdded, self.shape) = (base, axis, true, shape)
  }

  /// Removes an axis; `nil` when the array has no such axis of extent 1.
  init?(_ base: any ArraySource, removing axis: Int) {
    var dimensions = base.shape.dimensions
    guard dimensions.indices.contains(axis), dimensions.remove(at: axis) == 1,
      let shape = Shape(dimensions)
    else { return nil }
    (self.base, self.axis, isAdded, self.shape) = (base, axis, false, shape)
  }

  var dtype: DType { base.dtype }
  var inMemory: NDArray? { base.inMemory?.viewed(as: dtype, shape) }
  var contiguousBytes: (any ByteSource)? { base.contiguousBytes }
  var block: ArrayBlock? { base.block }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try read(range, into: &bytes) { _ in }
  }

  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var (offset, dimensions) = (range.offset, range.shape.dimensions)
    if isAdded {
      offset.remove(at: axis)
      // The box covers the one element of the axis, or it is empty.
      guard dimensions.remove(at: axis) == 1 else { return }
    } else {
      offset.insert(0, at: axis)
      dimensions.insert(1, at: axis)
    }
    guard let shape = Shape(dimensions), let box = ArrayBox(offset: offset, shape: shape)
    else { return }
    try base.read(box, into: &bytes, tell: tell)
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try base.forEachPiece(ofAtMost: limit, body)
  }
}
