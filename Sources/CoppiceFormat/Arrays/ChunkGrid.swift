package import CoppiceModel

/// The cells of a chunked array, numbered in C order; cells at the edges extend beyond the array.
///
/// Spec: ARR-13.
package struct ChunkGrid: Hashable, Sendable {
  package let shape: Shape
  package let chunk: Shape
  /// The number of cells along each dimension.
  package let counts: [Int]
  /// The number of cells.
  package let cellCount: Int

  /// Makes the grid of an array that isn't empty; `nil` when the ranks differ or a chunk extent is
  /// 0.
  package init?(shape: Shape, chunk: Shape) {
    guard shape.rank == chunk.rank, !chunk.dimensions.contains(0) else { return nil }
    let counts = zip(shape.dimensions, chunk.dimensions).map { ($0 + $1 - 1) / $1 }
    guard let cells = Shape(counts) else { return nil }
    self.shape = shape
    self.chunk = chunk
    self.counts = counts
    self.cellCount = cells.elementCount
  }

  /// Returns the box of a cell, clipped to the array.
  package func box(_ cell: Int) -> ArrayBox? {
    var rest = cell
    var offset = Array(repeating: 0, count: counts.count)
    var extents = offset
    for dimension in counts.indices.reversed() {
      offset[dimension] = rest % counts[dimension] * chunk.dimensions[dimension]
      rest /= counts[dimension]
      extents[dimension] = min(
        chunk.dimensions[dimension], shape.dimensions[dimension] - offset[dimension])
    }
    guard let shape = Shape(extents) else { return nil }
    return ArrayBox(offset: offset, shape: shape)
  }
}

extension ChunkGrid {
  /// Returns the cell that begins at an index of the array.
  package func cell(at offset: [Int]) -> Int {
    var cell = 0
    for dimension in counts.indices {
      cell = cell * counts[dimension] + offset[dimension] / chunk.dimensions[dimension]
    }
    return cell
  }

  /// Returns the cells that share elements with a box of the array, in order.
  package func cells(sharing box: ArrayBox) -> [Int] {
    guard box.rank == counts.count, box.shape.elementCount > 0 else { return [] }
    var cells = [0]
    for dimension in counts.indices {
      let extent = chunk.dimensions[dimension]
      let range = (box.offset[dimension] / extent)...((box.end(dimension) - 1) / extent)
      cells = cells.flatMap { cell in range.map { cell * counts[dimension] + $0 } }
    }
    return cells
  }
}
