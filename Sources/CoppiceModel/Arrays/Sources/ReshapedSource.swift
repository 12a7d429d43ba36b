/// An array under another shape: the same elements in C order.
struct ReshapedSource: ArraySource {
  private let base: any ArraySource
  let shape: Shape

  /// The most bytes that are read at once around the runs of a box.
  private static let windowBytes = 1 << 20

  /// Makes a view.
  ///
  /// - Parameter extents: The new extents, of which one may be −1: it follows from the others.
  /// - Throws: `usage.shape` for extents that don't have as many elements.
  init(_ base: any ArraySource, to extents: [Int]) throws(CoppiceError) {
    guard let shape = Self.shape(extents, of: base.shape.elementCount) else {
      throw CoppiceError(
        .usageShape,
        "an array of shape \(base.shape) has \(base.shape.elementCount) elements, which can't take the "
          + "shape \(extents)")
    }
    (self.base, self.shape) = (base, shape)
  }

  private static func shape(_ extents: [Int], of count: Int) -> Shape? {
    var extents = extents
    if let open = extents.firstIndex(of: -1) {
      extents[open] = 1
      guard let rest = Shape(extents), rest.elementCount > 0, count % rest.elementCount == 0 else {
        return nil
      }
      extents[open] = count / rest.elementCount
    }
    guard let shape = Shape(extents), shape.elementCount == count else { return nil }
    return shape
  }

  var dtype: DType { base.dtype }
  var inMemory: NDArray? { base.inMemory?.viewed(as: dtype, shape) }
  var contiguousBytes: (any ByteSource)? { base.contiguousBytes }
  var block: ArrayBlock? { base.block }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] { try base.places(at: path) }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try read(range, into: &bytes) { _ in }
  }

  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    if range.shape == shape {
      return try base.read(ArrayBox(whole: base.shape), into: &bytes, tell: tell)
    }
    if let stored = base.contiguousBytes,
      let source = ContiguousArraySource(dtype: dtype, shape: shape, bytes: stored)
    {
      return try source.read(range, into: &bytes, tell: tell)
    }
    var runs = BoxRuns(of: range, in: shape, width: dtype.width).makeIterator()
    var next = runs.next()
    var buffer: [UInt8] = []
    while let first = next {
      next = runs.next()
      if first.count >= Self.windowBytes || next == nil {
        var piece = bytes._mutatingExtracting(first.boxOffset..<(first.boxOffset + first.count))
        try read(at: first.wholeOffset, into: &piece)
        continue
      }
      // Short runs near each other are read at once, since each read of an encoded array decodes whole chunks.
      var group = [first]
      var end = first.wholeOffset + first.count
      while let run = next, run.wholeOffset + run.count - first.wholeOffset <= Self.windowBytes {
        group.append(run)
        end = run.wholeOffset + run.count
        next = runs.next()
      }
      let count = end - first.wholeOffset
      if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
      var span = buffer.mutableSpan
      var all = unsafe span.mutableBytes
      var window = all._mutatingExtracting(first: count)
      try read(at: first.wholeOffset, into: &window)
      for run in group {
        let start = run.wholeOffset - first.wholeOffset
        bytes.copy(from: window.bytes.extracting(start..<(start + run.count)), at: run.boxOffset)
      }
    }
    try tell(bytes.byteCount)
  }

  /// Reads consecutive elements, given by a byte of the whole array.
  private func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let first = offset / dtype.width
    let last = first + bytes.byteCount / dtype.width
    var next = 0
    for box in ArrayBox.boxes(of: first..<last, in: base.shape) {
      let count = box.shape.elementCount * dtype.width
      var piece = bytes._mutatingExtracting(next..<(next + count))
      try base.read(box, into: &piece)
      next += count
    }
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try base.forEachPiece(ofAtMost: limit, body)
  }
}

extension ArrayBox {
  /// Returns the boxes that have a range of an array's elements, one after the other; at most two for each dimension.
  static func boxes(of range: Range<Int>, in shape: Shape) -> [ArrayBox] {
    var boxes: [ArrayBox] = []
    add(range, shape.dimensions[...], [], &boxes)
    return boxes
  }

  private static func add(
    _ range: Range<Int>, _ dimensions: ArraySlice<Int>, _ outer: [Int], _ boxes: inout [ArrayBox]
  ) {
    guard !range.isEmpty else { return }
    let inner = dimensions.dropFirst()
    let row = inner.reduce(1, *)
    let (first, last) = (range.lowerBound / row, (range.upperBound - 1) / row)
    let isWhole = range.lowerBound % row == 0 && range.upperBound % row == 0
    guard isWhole || first < last else {
      let start = first * row
      return add(
        (range.lowerBound - start)..<(range.upperBound - start), inner, outer + [first], &boxes)
    }
    // The rest of a first row, whole rows, and the beginning of a last one.
    let head = min((range.lowerBound + row - 1) / row * row, range.upperBound)
    let tail = range.upperBound / row * row
    if head > range.lowerBound {
      add((range.lowerBound - first * row)..<row, inner, outer + [first], &boxes)
    }
    if tail > head {
      let rows = dimensions.isEmpty ? [] : [(tail - head) / row] + inner
      let start = dimensions.isEmpty ? [] : [head / row]
      if let shape = Shape(outer.map { _ in 1 } + rows),
        let box = ArrayBox(offset: outer + start + inner.map { _ in 0 }, shape: shape)
      {
        boxes.append(box)
      }
    }
    if range.upperBound > tail {
      add(0..<(range.upperBound - tail), inner, outer + [last], &boxes)
    }
  }
}

extension ArraySource {
  /// Returns the array under another shape, of which nothing is read yet.
  ///
  /// - Parameter extents: The new extents, of which one may be −1: it follows from the others.
  /// - Throws: `usage.shape` for extents that don't have as many elements.
  package func reshaped(to extents: [Int]) throws(CoppiceError) -> any ArraySource {
    try ReshapedSource(self, to: extents)
  }
}
