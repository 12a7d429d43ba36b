/// A box of an array: an offset and an extent along each dimension.
///
/// Offset and shape have the same rank. A box of rank 0 holds a scalar's one element.
public struct ArrayBox: Hashable, Sendable {
  /// The index of the first element, one non-negative number per dimension.
  public let offset: [Int]

  /// The extent along each dimension.
  public let shape: Shape

  /// Makes a box.
  ///
  /// - Returns: `nil` when the ranks differ, an offset is negative, or an end overflows `Int`.
  public init?(offset: [Int], shape: Shape) {
    guard offset.count == shape.rank else { return nil }
    for (start, extent) in zip(offset, shape.dimensions) {
      guard start >= 0, !start.addingReportingOverflow(extent).overflow else { return nil }
    }
    self.offset = offset
    self.shape = shape
  }

  /// The box that covers a whole array.
  public init(whole shape: Shape) {
    self.offset = Array(repeating: 0, count: shape.rank)
    self.shape = shape
  }

  /// The number of dimensions.
  public var rank: Int { offset.count }

  /// Returns the index just past the last element along a dimension.
  public func end(_ dimension: Int) -> Int { offset[dimension] + shape.dimensions[dimension] }

  /// Returns whether the box lies inside an array of a shape.
  public func isContained(in shape: Shape) -> Bool {
    guard rank == shape.rank else { return false }
    return (0..<rank).allSatisfy { end($0) <= shape.dimensions[$0] }
  }

  /// Returns the box that two boxes share, or `nil` when they share no element or differ in rank.
  public func intersection(_ other: ArrayBox) -> ArrayBox? {
    guard rank == other.rank else { return nil }
    var starts: [Int] = []
    var extents: [Int] = []
    for dimension in 0..<rank {
      let start = max(offset[dimension], other.offset[dimension])
      let stop = min(end(dimension), other.end(dimension))
      guard stop > start else { return nil }
      starts.append(start)
      extents.append(stop - start)
    }
    guard let shape = Shape(extents) else { return nil }
    return ArrayBox(offset: starts, shape: shape)
  }
}

extension ArrayBox: CustomStringConvertible {
  /// The index ranges of the dimensions, such as `[0:4, 8:16]`.
  public var description: String {
    let spans = (0..<rank).map { "\(offset[$0]):\(end($0))" }
    return "[" + spans.joined(separator: ", ") + "]"
  }
}
