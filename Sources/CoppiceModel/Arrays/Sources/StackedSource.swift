/// Several arrays combined into one, along a new or an existing axis.
///
/// Reads are passed on to the arrays that a box intersects; nothing is buffered.
public struct StackedSource: ArraySource {
  /// The arrays, all with the rank of the combined array.
  private let parts: [any ArraySource]
  private let axis: Int
  /// The start of each array along the axis, and the end of the last one.
  private let starts: [Int]
  /// The common element type of the arrays.
  public let dtype: DType
  /// The extents of the combined array.
  public let shape: Shape

  /// Stacks arrays of equal shape along a new axis, with one index for each.
  ///
  /// - Throws: `usage.shape` when there are no arrays, their dtypes or shapes differ, or the axis
  ///   isn't in `0...rank`.
  public init(stacking arrays: [any ArraySource], axis: Int) throws(CoppiceError) {
    for array in arrays where array.shape != arrays[0].shape {
      throw CoppiceError(
        .usageShape, "arrays of the shapes \(arrays[0].shape) and \(array.shape) can't be stacked")
    }
    var parts: [any ArraySource] = []
    for array in arrays {
      guard let part = AxisSource(array, adding: axis) else {
        throw CoppiceError(
          .usageShape,
          "arrays of shape \(array.shape) can't be stacked along axis \(axis): it is none of "
            + "0 to \(array.shape.rank)")
      }
      parts.append(part)
    }
    try self.init(joining: parts, axis: axis)
  }

  /// Joins arrays end to end along an existing axis.
  ///
  /// - Throws: `usage.shape` when there are no arrays, their dtypes or other extents differ, or the
  ///   arrays don't have the axis.
  public init(joining arrays: [any ArraySource], axis: Int) throws(CoppiceError) {
    guard let first = arrays.first else {
      throw CoppiceError(.usageShape, "there are no arrays to combine")
    }
    var dimensions = first.shape.dimensions
    guard dimensions.indices.contains(axis) else {
      throw CoppiceError(
        .usageShape, "an array of shape \(first.shape) has no axis \(axis) to join along")
    }
    var starts = [0]
    for array in arrays {
      guard array.dtype == first.dtype else {
        throw CoppiceError(
          .usageShape, "arrays of \(first.dtype) and \(array.dtype) can't be put together")
      }
      var extents = array.shape.dimensions
      if extents.indices.contains(axis) { extents[axis] = dimensions[axis] }
      guard extents == dimensions else {
        throw CoppiceError(
          .usageShape,
          "arrays of the shapes \(first.shape) and \(array.shape) can't be joined along axis \(axis)"
        )
      }
      let (end, overflow) = (starts.last ?? 0).addingReportingOverflow(array.shape.dimensions[axis])
      guard !overflow else { throw .outOfMemory(byteCount: .max) }
      starts.append(end)
    }
    dimensions[axis] = starts.last ?? 0
    guard let shape = Shape(dimensions), shape.byteCount(of: first.dtype) != nil else {
      throw .outOfMemory(byteCount: .max)
    }
    (self.parts, self.axis, self.starts, self.shape) = (arrays, axis, starts, shape)
    self.dtype = first.dtype
  }

  /// Reads a box of the combined array.
  ///
  /// - Throws: The errors of the arrays.
  public func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    for (index, part) in parts.enumerated() {
      guard starts[index] < range.end(axis), starts[index + 1] > range.offset[axis] else {
        continue
      }
      var origin = Array(repeating: 0, count: range.rank)
      origin[axis] = starts[index]
      let place = ArrayBox(whole: part.shape).moved(by: origin)
      guard let shared = place.intersection(range) else { continue }
      try part.read(
        shared.relative(to: origin), to: shared.relative(to: range.offset), of: range.shape,
        into: &bytes)
    }
  }

  /// Reads the combined array in pieces, array by array if they are combined along the first axis.
  ///
  /// - Throws: The errors of the arrays and of `body`.
  public func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard axis == 0 else {
      try forEachBand(ofAtMost: limit, body)
      return
    }
    for part in parts { try part.forEachPiece(ofAtMost: limit, body) }
  }
}

extension ArraySource {
  /// Divides the array along an axis into one array per index, without the axis.
  ///
  /// - Throws: `usage.shape` when the array has no such axis.
  public func unstacked(axis: Int) throws(CoppiceError) -> [any ArraySource] {
    let extents = shape.dimensions.indices.contains(axis) ? shape.dimensions[axis] : 0
    guard extents <= ReadLimits.standard.leaves else {
      throw CoppiceError(
        .usageShape,
        "an array of shape \(shape) gives more arrays along axis \(axis) than a tree holds")
    }
    return try split(axis: axis, extents: Array(repeating: 1, count: extents)).map {
      AxisSource($0, removing: axis) ?? $0
    }
  }

  /// Divides the array along an axis into arrays of the given extents, which keep the axis.
  ///
  /// - Throws: `usage.shape` when the array has no such axis, or its extent isn't the sum of the
  ///   given ones.
  public func split(axis: Int, extents: [Int]) throws(CoppiceError) -> [any ArraySource] {
    guard shape.dimensions.indices.contains(axis) else {
      throw CoppiceError(.usageShape, "an array of shape \(shape) has no axis \(axis) to split")
    }
    var sources: [any ArraySource] = []
    var start = 0
    for extent in extents {
      guard extent >= 0, extent <= shape.dimensions[axis] - start else { break }
      var (offset, dimensions) = (Array(repeating: 0, count: shape.rank), shape.dimensions)
      offset[axis] = start
      dimensions[axis] = extent
      guard let part = Shape(dimensions), let box = ArrayBox(offset: offset, shape: part)
      else { break }
      sources.append(try BoxSource(self, box: box))
      start += extent
    }
    guard sources.count == extents.count, start == shape.dimensions[axis] else {
      throw CoppiceError(
        .usageShape,
        "the axis \(axis) of an array of shape \(shape) has the extent \(shape.dimensions[axis]), "
          + "which isn't the sum of \(extents.map(String.init).joined(separator: ", "))")
    }
    return sources
  }
}
