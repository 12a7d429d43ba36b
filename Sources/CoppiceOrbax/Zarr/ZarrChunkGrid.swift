import CoppiceModel

/// The grid of an array's chunks: their number along each dimension, and the box of each.
struct ZarrChunkGrid: Sendable {
  let shape: Shape
  let chunk: Shape
  let width: Int
  /// The number of chunks along each dimension.
  let counts: [Int]
  /// The distance in a decoded chunk between neighbours along each dimension, in bytes.
  let chunkSteps: [Int]

  /// Makes a grid; `order` lists the dimensions in the order in which they are stored.
  init(shape: Shape, chunk: Shape, width: Int, order: [Int]?) {
    self.shape = shape
    self.chunk = chunk
    self.width = width
    counts = zip(shape.dimensions, chunk.dimensions).map { ($0 + $1 - 1) / $1 }
    var steps = Array(repeating: width, count: chunk.rank)
    var step = width
    for dimension in (order ?? Array(0..<chunk.rank)).reversed() {
      steps[dimension] = step
      step *= chunk.dimensions[dimension]
    }
    chunkSteps = steps
  }

  var rank: Int { shape.rank }

  /// The bytes of a decoded chunk.
  var chunkBytes: Int { chunk.elementCount * width }

  /// The number of chunks.
  var count: Int { shape.elementCount == 0 ? 0 : counts.reduce(1, *) }

  /// Whether a chunk's elements are in C order, ignoring dimensions of one element.
  var isInOrder: Bool {
    var step = width
    for dimension in (0..<rank).reversed() where chunk.dimensions[dimension] > 1 {
      if chunkSteps[dimension] != step { return false }
      step *= chunk.dimensions[dimension]
    }
    return true
  }

  /// Returns the box of the array that a chunk covers.
  func box(_ index: [Int]) -> (start: [Int], end: [Int]) {
    let start = zip(index, chunk.dimensions).map { $0 * $1 }
    let end = (0..<rank).map { min(start[$0] + chunk.dimensions[$0], shape.dimensions[$0]) }
    return (start, end)
  }
}

/// A counter that goes through a box of indexes in C order.
struct Odometer {
  private let first: [Int]
  private let end: [Int]
  private(set) var index: [Int]
  private(set) var isDone: Bool

  init(from first: [Int], to end: [Int]) {
    self.first = first
    self.end = end
    index = first
    isDone = !zip(first, end).allSatisfy { $0 < $1 }
  }

  mutating func advance() {
    var dimension = index.count
    while dimension > 0 {
      dimension -= 1
      index[dimension] += 1
      if index[dimension] < end[dimension] { return }
      index[dimension] = first[dimension]
    }
    isDone = true
  }
}
