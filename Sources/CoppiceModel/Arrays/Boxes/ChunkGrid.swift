/// The cells of a chunked array, numbered in C order; cells at the edges extend beyond the array.
///
/// Spec: ARR-13.
package struct ChunkGrid: Hashable, Sendable {
  package let shape: Shape
  package let chunk: Shape
  /// The number of cells along each dimension.
  package let counts: [Int]
  /// The number of cells; 0 for an array without elements.
  package let cellCount: Int

  /// Makes the grid of an array; `nil` when the ranks differ, a chunk extent is 0, or the cells
  /// can't be counted.
  package init?(shape: Shape, chunk: Shape) {
    guard shape.rank == chunk.rank, !chunk.dimensions.contains(0) else { return nil }
    let counts = Self.counts(of: shape, chunk: chunk.dimensions)
    guard let cells = Shape(counts) else { return nil }
    self.shape = shape
    self.chunk = chunk
    self.counts = counts
    self.cellCount = cells.elementCount
  }

  /// The number of dimensions.
  package var rank: Int { counts.count }

  /// Returns the number of cells along each dimension; extents may be as large as `Int.max`.
  package static func counts(of shape: Shape, chunk: [Int]) -> [Int] {
    zip(shape.dimensions, chunk).map { $0 > 0 ? ($0 - 1) / $1 + 1 : 0 }
  }

  /// Returns the box of a cell, clipped to the array.
  package func box(_ cell: Int) -> ArrayBox? {
    var rest = cell
    var index = counts
    for dimension in counts.indices.reversed() {
      index[dimension] = rest % counts[dimension]
      rest /= counts[dimension]
    }
    return box(at: index)
  }

  /// Returns the box of the cell at a grid index, clipped to the array.
  package func box(at index: [Int]) -> ArrayBox? {
    let offset = zip(index, chunk.dimensions).map { $0 * $1 }
    let extents = counts.indices.map {
      min(chunk.dimensions[$0], shape.dimensions[$0] - offset[$0])
    }
    guard let shape = Shape(extents) else { return nil }
    return ArrayBox(offset: offset, shape: shape)
  }

  /// Returns the number of the cell at a grid index.
  package func cell(at index: [Int]) -> Int {
    zip(index, counts).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Returns the cell that holds an element of the array.
  package func cell(holding element: [Int]) -> Int {
    cell(at: zip(element, chunk.dimensions).map { $0 / $1 })
  }

  /// Returns the grid index of the first cell in a box that has whole cells only, clipped as those of the array are;
  /// `nil` for any other box.
  package func index(ofFirstCellIn box: ArrayBox) -> [Int]? {
    guard box.rank == rank, box.shape.elementCount > 0 else { return nil }
    var index: [Int] = []
    for (dimension, extent) in chunk.dimensions.enumerated() {
      let end = box.end(dimension)
      guard box.offset[dimension] % extent == 0,
        end % extent == 0 || end == shape.dimensions[dimension]
      else { return nil }
      index.append(box.offset[dimension] / extent)
    }
    return index
  }

  /// Returns the grid indices of the cells that share elements with a box of the array, in order.
  package func indices(sharing box: ArrayBox) -> GridIndices {
    GridIndices(
      from: counts.indices.map { box.offset[$0] / chunk.dimensions[$0] },
      to: counts.indices.map {
        box.shape.dimensions[$0] > 0 ? (box.end($0) - 1) / chunk.dimensions[$0] + 1 : 0
      })
  }

  /// Returns the cells that share elements with a box of the array, in order.
  package func cells(sharing box: ArrayBox) -> some Sequence<Int> {
    indices(sharing: box).lazy.map { cell(at: $0) }
  }
}

/// The indices of a box of a grid, in C order.
package struct GridIndices: Sequence, IteratorProtocol {
  private let first: [Int]
  private let end: [Int]
  private var index: [Int]
  private var isDone: Bool

  /// Makes the indices from `first` up to, and without, `end` along each dimension.
  package init(from first: [Int], to end: [Int]) {
    self.first = first
    self.end = end
    index = first
    isDone = !zip(first, end).allSatisfy { $0 < $1 }
  }

  package mutating func next() -> [Int]? {
    guard !isDone else { return nil }
    let current = index
    for dimension in index.indices.reversed() {
      index[dimension] += 1
      if index[dimension] < end[dimension] { return current }
      index[dimension] = first[dimension]
    }
    isDone = true
    return current
  }
}
