/// The runs of bytes that a box of an array is made of, each unbroken in C order.
///
/// One walk serves every copy between a box and the whole: slices, chunks, shards.
package struct BoxRuns: Sequence {
  /// One run: where it lies in the whole array and in the box, in bytes.
  package struct Run: Hashable, Sendable {
    package var wholeOffset: Int
    package var boxOffset: Int
    package var count: Int
  }

  let shape: Shape
  let box: ArrayIndexRange
  let width: Int

  /// Makes the runs of a box; the box must lie inside the shape.
  package init(of box: ArrayIndexRange, in shape: Shape, width: Int) {
    precondition(box.isContained(in: shape), "the box must lie inside the array")
    self.box = box
    self.shape = shape
    self.width = width
  }

  package func makeIterator() -> Iterator { Iterator(self) }

  package struct Iterator: IteratorProtocol {
    private let strides: [Int]
    private let box: ArrayIndexRange
    private let runCount: Int
    private let runDimensions: Int
    private var index: [Int]
    private var boxOffset = 0
    private var isDone: Bool

    fileprivate init(_ runs: BoxRuns) {
      let dimensions = runs.shape.dimensions
      var strides = Array(repeating: runs.width, count: dimensions.count)
      for dimension in dimensions.indices.dropLast().reversed() {
        strides[dimension] = strides[dimension + 1] * dimensions[dimension + 1]
      }
      self.strides = strides
      self.box = runs.box
      // The trailing dimensions that the box covers whole join into one run, with one more before.
      var first = dimensions.count
      while first > 0 {
        first -= 1
        if runs.box.shape.dimensions[first] != dimensions[first] { break }
      }
      self.runDimensions = first
      self.runCount =
        runs.box.shape.dimensions[first...].reduce(runs.width) { $0 * $1 }
      self.index = Array(runs.box.offset[..<first])
      self.isDone = runs.box.shape.elementCount == 0
    }

    package mutating func next() -> Run? {
      guard !isDone else { return nil }
      var offset = 0
      for dimension in 0..<runDimensions { offset += index[dimension] * strides[dimension] }
      if runDimensions < strides.count {
        offset += box.offset[runDimensions] * strides[runDimensions]
      }
      let run = Run(wholeOffset: offset, boxOffset: boxOffset, count: runCount)
      boxOffset += runCount
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
