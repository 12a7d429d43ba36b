/// An array with its axes in another order.
///
/// Elements that are stored as they are, or are in memory, are gathered from where they lie. Encoded ones are decoded
/// in boxes of as much as the working memory holds.
struct TransposedSource: ArraySource {
  private let base: any ArraySource
  /// For each axis, the axis of the base.
  private let axes: [Int]
  /// The elements where they lie, if they are contiguous bytes.
  private let strided: StridedArraySource?
  let shape: Shape

  /// Makes a view.
  ///
  /// - Parameter axes: For each axis, the axis of the base; `nil` reverses them all.
  /// - Throws: `usage.shape` unless each axis of the base is named once.
  init(_ base: any ArraySource, axes: [Int]?) throws(CoppiceError) {
    let rank = base.shape.rank
    let axes = axes ?? (0..<rank).reversed()
    guard axes.sorted() == Array(0..<rank),
      let shape = Shape(axes.map { base.shape.dimensions[$0] })
    else {
      let names = axes.map(String.init).joined(separator: ", ")
      throw CoppiceError(
        .usageShape,
        "the axes \(names) don't name each axis of an array of shape \(base.shape) once")
    }
    (self.base, self.axes, self.shape) = (base, axes, shape)
    strided = base.contiguousBytes.flatMap { Self.gather($0, base.dtype, base.shape, axes, shape) }
  }

  private static func gather(
    _ bytes: any ByteSource, _ dtype: DType, _ base: Shape, _ axes: [Int], _ shape: Shape
  ) -> StridedArraySource? {
    var strides = [Int](repeating: 1, count: base.rank)
    if base.elementCount > 0 {
      for axis in strides.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * base.dimensions[axis + 1]
      }
    }
    return StridedArraySource(
      dtype: dtype, shape: shape, offset: 0, strides: axes.map { strides[$0] }, in: bytes)
  }

  var dtype: DType { base.dtype }

  /// The bytes of the base where only axes of extent 1 moved.
  var contiguousBytes: (any ByteSource)? {
    let moved = axes.filter { base.shape.dimensions[$0] != 1 }
    return zip(moved, moved.dropFirst()).allSatisfy(<) ? base.contiguousBytes : nil
  }

  var view: ArrayView? { contiguousBytes == nil ? strided?.view : nil }

  /// That of the base where it decodes; elements that are gathered are best read all at once.
  var decodingUnit: Shape {
    guard strided == nil else { return contiguousBytes == nil ? shape : shape.ofOneElement }
    return Shape(axes.map { base.decodingUnit.dimensions[$0] }) ?? shape
  }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] { try base.places(at: path) }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    if let strided { return try strided.read(range, into: &bytes) }
    var next = 0
    for part in range.parts(ofAtMost: max(ReadLimits.standard.workingMemory / dtype.width, 1)) {
      let count = part.shape.elementCount * dtype.width
      var piece = bytes._mutatingExtracting(next..<(next + count))
      try decode(part, into: &piece)
      next += count
    }
  }

  /// Reads the box of the base that has the elements of a box, and puts them in order.
  private func decode(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    var (offset, extents) = (range.offset, range.shape.dimensions)
    for (index, axis) in axes.enumerated() {
      offset[axis] = range.offset[index]
      extents[axis] = range.shape.dimensions[index]
    }
    guard let shape = Shape(extents), let box = ArrayBox(offset: offset, shape: shape) else {
      return
    }
    let elements = try NDArray(dtype: dtype, shape: shape) {
      (target: inout MutableRawSpan) throws(CoppiceError) in
      try base.read(box, into: &target)
    }
    let part = Self.gather(elements.storage, dtype, shape, axes, range.shape)
    try part?.read(ArrayBox(whole: range.shape), into: &bytes)
  }

  /// Reads bands as large as the working memory allows, so that few chunks are decoded more than once.
  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    if let strided { return try strided.forEachPiece(ofAtMost: limit, body) }
    try forEachWideBand(ofAtMost: limit, body)
  }
}

extension ArraySource {
  /// Returns the array with its axes in another order, of which nothing is read yet.
  ///
  /// - Parameter axes: For each axis of the result, the axis of this array; `nil` reverses them all.
  /// - Throws: `usage.shape` unless each axis is named once.
  package func transposed(axes: [Int]? = nil) throws(CoppiceError) -> any ArraySource {
    try TransposedSource(self, axes: axes)
  }
}
