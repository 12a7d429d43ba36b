extension ArrayBox {
  /// Divides a box into boxes of at most `limit` elements, in the box's C order.
  ///
  /// Single elements are not divided; a box without elements yields none.
  package func parts(ofAtMost limit: Int) -> [ArrayBox] {
    guard shape.elementCount > 0 else { return [] }
    guard shape.elementCount > limit,
      let dimension = shape.dimensions.firstIndex(where: { $0 > 1 })
    else { return [self] }
    let extent = shape.dimensions[dimension]
    let rows = max(limit / (shape.elementCount / extent), 1)
    return stride(from: 0, to: extent, by: rows).flatMap { start in
      slice(dimension, from: start, count: min(rows, extent - start)).parts(ofAtMost: limit)
    }
  }

  private func slice(_ dimension: Int, from start: Int, count: Int) -> ArrayBox {
    var (offset, extents) = (offset, shape.dimensions)
    offset[dimension] += start
    extents[dimension] = count
    guard let shape = Shape(extents), let slice = ArrayBox(offset: offset, shape: shape)
    else { return self }
    return slice
  }

  /// Returns the index in an array, in C order, of an element given by its index in this box.
  package func element(_ index: Int, in array: Shape) -> Int {
    var (rest, stride, element) = (index, 1, 0)
    for dimension in (0..<rank).reversed() {
      let extent = shape.dimensions[dimension]
      element += (offset[dimension] + rest % extent) * stride
      rest /= extent
      stride *= array.dimensions[dimension]
    }
    return element
  }
}

extension ArrayBox {
  /// Returns the byte range of the box in an array of a shape; `nil` if it isn't contiguous.
  package func unbrokenPlace(in shape: Shape, width: Int) -> Range<Int>? {
    var runs = BoxRuns(of: self, in: shape, width: width).makeIterator()
    guard let run = runs.next(), run.count == self.shape.elementCount * width else { return nil }
    return run.wholeOffset..<(run.wholeOffset + run.count)
  }
}
