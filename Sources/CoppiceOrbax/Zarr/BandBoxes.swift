import CoppiceModel

/// A box cut into boxes of bounded size, each contiguous in C order, in that order.
struct BandBoxes {
  private let box: ArrayBox
  /// The dimension along which bands are cut; earlier dimensions advance one index at a time.
  private let dimension: Int
  /// The number of indexes along it that a band has.
  private let extent: Int
  private var outer: Odometer
  private var start = 0

  /// Cuts a box; a band has at most `most` bytes, and at least one element.
  init(_ box: ArrayBox, width: Int, most: Int) {
    self.box = box
    var dimension = 0
    var row = box.shape.dimensions.dropFirst().reduce(width, *)
    while row > most, dimension + 1 < box.rank {
      dimension += 1
      row /= max(box.shape.dimensions[dimension], 1)
    }
    self.dimension = dimension
    extent = max(most / max(row, 1), 1)
    outer = Odometer(
      from: Array(box.offset.prefix(dimension)), to: (0..<dimension).map { box.end($0) })
  }

  mutating func next() -> ArrayBox? {
    guard !outer.isDone, box.shape.elementCount > 0 else { return nil }
    guard box.rank > 0 else {
      outer.advance()
      return box
    }
    let count = min(extent, box.shape.dimensions[dimension] - start)
    let offset =
      outer.index + [box.offset[dimension] + start] + box.offset.dropFirst(dimension + 1)
    let extents =
      outer.index.map { _ in 1 } + [count] + box.shape.dimensions.dropFirst(dimension + 1)
    start += count
    if start == box.shape.dimensions[dimension] {
      start = 0
      outer.advance()
    }
    return Shape(extents).flatMap { ArrayBox(offset: offset, shape: $0) }
  }
}
