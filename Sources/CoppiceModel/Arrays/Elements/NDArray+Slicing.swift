extension NDArray {
  /// A box of the array as an array of its own: a copy, unless it is the whole.
  ///
  /// - Throws: `model.out-of-bounds` when the box doesn't lie inside the array, `limit.memory`.
  public func slice(_ range: ArrayBox) throws(CoppiceError) -> NDArray {
    guard range.isContained(in: shape) else {
      throw CoppiceError(
        .modelOutOfBounds, "the box \(range) isn't inside an array of the shape \(shape)")
    }
    guard range.shape != shape else { return self }
    return try NDArray(dtype: dtype, shape: range.shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try read(range, into: &bytes)
    }
  }

  /// A box of the array, one range a dimension; dimensions left out at the end are taken whole.
  ///
  /// - Throws: `model.out-of-bounds` when the box doesn't lie inside the array, `limit.memory`.
  public func slice(_ ranges: Range<Int>...) throws(CoppiceError) -> NDArray {
    let rest = shape.dimensions.dropFirst(ranges.count)
    let extents = ranges.map { $0.upperBound.subtractingReportingOverflow($0.lowerBound) }
    guard extents.allSatisfy({ !$0.overflow }),
      let box = Shape(extents.map(\.partialValue) + rest),
      let range = ArrayBox(
        offset: ranges.map(\.lowerBound) + Array(repeating: 0, count: rest.count), shape: box)
    else {
      throw CoppiceError(
        .modelOutOfBounds, "\(ranges) isn't a box inside an array of the shape \(shape)")
    }
    return try slice(range)
  }

  /// One of the arrays along the first dimension, which the result doesn't have.
  ///
  /// - Throws: `model.out-of-bounds` when there is no such index, `limit.memory`.
  public func row(_ index: Int) throws(CoppiceError) -> NDArray {
    guard let count = shape.dimensions.first, (0..<count).contains(index),
      let rowShape = Shape(Array(shape.dimensions.dropFirst()))
    else {
      throw CoppiceError(
        .modelOutOfBounds, "an array of the shape \(shape) has no row \(index)")
    }
    let byteCount = rowShape.elementCount * dtype.width
    return try NDArray(dtype: dtype, shape: rowShape) { (bytes: inout MutableRawSpan) in
      withBytes { whole in
        let row = whole.extracting((index * byteCount)..<((index + 1) * byteCount))
        bytes.copy(from: row, at: 0)
      }
    }
  }
}
