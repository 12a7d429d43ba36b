/// Boxes that divide an array into contiguous bands in C order, none larger than a limit.
package struct ContiguousSlabs: Sequence {
  private let shape: Shape
  /// The dimension that is divided; dimensions before it have extent 1 in a band.
  private let dimension: Int
  /// The extent of a band along that dimension.
  private let extent: Int

  /// Makes the bands of an array; each has at least one element.
  package init(of shape: Shape, width: Int, limit: Int) {
    self.shape = shape
    var dimension = shape.rank
    var bytes = width
    while dimension > 0, shape.elementCount > 0 {
      let next = bytes * shape.dimensions[dimension - 1]
      if next > limit { break }
      bytes = next
      dimension -= 1
    }
    self.dimension = dimension - 1
    self.extent = Swift.max(1, limit / Swift.max(bytes, 1))
  }

  /// The extents of a full band, and of chunks that are contiguous in C order.
  package var bandShape: [Int] {
    guard dimension >= 0 else { return shape.dimensions }
    var extents = shape.dimensions
    for index in 0..<dimension { extents[index] = 1 }
    extents[dimension] = Swift.min(extent, extents[dimension])
    return extents
  }

  package func makeIterator() -> Iterator {
    Iterator(shape: shape, dimension: dimension, extent: extent)
  }

  package struct Iterator: IteratorProtocol {
    fileprivate let shape: Shape
    fileprivate let dimension: Int
    fileprivate let extent: Int
    private var offset: [Int]
    private var isDone: Bool

    fileprivate init(shape: Shape, dimension: Int, extent: Int) {
      self.shape = shape
      self.dimension = dimension
      self.extent = extent
      self.offset = Array(repeating: 0, count: shape.rank)
      self.isDone = shape.elementCount == 0
    }

    package mutating func next() -> ArrayBox? {
      guard !isDone else { return nil }
      guard dimension >= 0 else {
        isDone = true
        return ArrayBox(whole: shape)
      }
      var extents = shape.dimensions
      for index in 0..<dimension { extents[index] = 1 }
      extents[dimension] = Swift.min(extent, shape.dimensions[dimension] - offset[dimension])
      let band = Shape(extents).flatMap { ArrayBox(offset: offset, shape: $0) }
      offset[dimension] += extents[dimension]
      var index = dimension
      while offset[index] >= shape.dimensions[index] {
        offset[index] = 0
        guard index > 0 else {
          isDone = true
          break
        }
        index -= 1
        offset[index] += 1
      }
      return band
    }
  }
}
