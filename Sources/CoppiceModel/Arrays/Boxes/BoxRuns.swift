/// The contiguous runs of bytes of a box in an array's C order.
///
/// All copies between a box and its array use this walk: slices, chunks, shards.
package struct BoxRuns: Sequence {
  /// A run, with its byte offsets in the whole array and in the box.
  package struct Run: Hashable, Sendable {
    package var wholeOffset: Int
    package var boxOffset: Int
    package var count: Int
  }

  let shape: Shape
  let box: ArrayBox
  let width: Int

  /// Makes the runs of a box; the box must lie inside the shape.
  package init(of box: ArrayBox, in shape: Shape, width: Int) {
    precondition(box.isContained(in: shape), "the box must lie inside the array")
    self.box = box
    self.shape = shape
    self.width = width
  }

  package func makeIterator() -> Iterator { Iterator(self, from: 0) }

  /// Returns an iterator that begins at a byte of the box, possibly inside a run.
  package func makeIterator(from boxOffset: Int) -> Iterator { Iterator(self, from: boxOffset) }

  /// The number of bytes of the box.
  package var byteCount: Int { box.shape.elementCount * width }

  /// The byte range in the whole array from the box's first to its last byte; the box must have
  /// elements.
  package var wholeRange: Range<Int> {
    let last = box.shape.elementCount - 1
    return box.element(0, in: shape) * width..<((box.element(last, in: shape) + 1) * width)
  }

  /// Returns the number of the box's bytes before a byte of the whole array, the first of an
  /// element.
  ///
  /// Complexity: O(rank).
  package func boxOffset(before wholeOffset: Int) -> Int {
    var stride = shape.elementCount
    var inner = box.shape.elementCount
    var rest = wholeOffset / width
    var count = 0
    for (dimension, extent) in box.shape.dimensions.enumerated() where stride > 0 && inner > 0 {
      stride /= shape.dimensions[dimension]
      inner /= extent
      let index = rest / stride - box.offset[dimension]
      rest %= stride
      if index < 0 { return count * width }
      if index >= extent { return (count + extent * inner) * width }
      count += index * inner
    }
    // A scalar has no dimensions to count.
    return box.rank == 0 && wholeOffset > 0 ? width : count * width
  }

  package struct Iterator: IteratorProtocol {
    private let strides: [Int]
    private let box: ArrayBox
    private let runCount: Int
    private let runDimensions: Int
    private var index: [Int]
    private var boxOffset: Int
    /// The number of bytes to skip in the next run.
    private var skipped: Int
    private var isDone: Bool

    fileprivate init(_ runs: BoxRuns, from start: Int) {
      // Beside an extent of 0 the products of the others may overflow, and there is no run.
      let isEmpty = runs.byteCount == 0
      let dimensions = isEmpty ? [] : runs.shape.dimensions
      let extents = isEmpty ? [] : runs.box.shape.dimensions
      var strides = Array(repeating: runs.width, count: dimensions.count)
      for dimension in dimensions.indices.dropLast().reversed() {
        strides[dimension] = strides[dimension + 1] * dimensions[dimension + 1]
      }
      self.strides = strides
      self.box = runs.box
      // A run spans the trailing dimensions that the box covers completely, and the dimension
      // before them.
      var first = dimensions.count
      while first > 0 {
        first -= 1
        if extents[first] != dimensions[first] { break }
      }
      self.runDimensions = first
      self.runCount = extents[first...].reduce(runs.width) { $0 * $1 }
      var index = Array(runs.box.offset[..<first])
      self.isDone = start >= runs.byteCount
      (boxOffset, skipped) = (start, start == 0 ? 0 : start % runCount)
      var run = start == 0 ? 0 : start / runCount
      for dimension in (0..<first).reversed() where run > 0 {
        index[dimension] += run % extents[dimension]
        run /= extents[dimension]
      }
      self.index = index
    }

    package mutating func next() -> Run? {
      guard !isDone else { return nil }
      var offset = skipped
      for dimension in 0..<runDimensions { offset += index[dimension] * strides[dimension] }
      if runDimensions < strides.count {
        offset += box.offset[runDimensions] * strides[runDimensions]
      }
      let run = Run(wholeOffset: offset, boxOffset: boxOffset, count: runCount - skipped)
      boxOffset += run.count
      skipped = 0
      advance()
      return run
    }

    private mutating func advance() {
      var dimension = runDimensions
      while dimension > 0 {
        dimension -= 1
        index[dimension] += 1
        if index[dimension] < box.end(dimension) { return }
        index[dimension] = box.offset[dimension]
      }
      isDone = true
    }
  }
}
