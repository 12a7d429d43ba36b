package import CoppiceModel

/// The grid whose boxes are the shards of a leaf, in C order.
///
/// Spec: SHD-13 to SHD-15.
package struct ShardGrid: Hashable, Sendable {
  /// The cuts along one dimension.
  package enum Cuts: Hashable, Sendable {
    /// At each multiple of a number.
    case each(Int)
    /// At ascending indices, for which there is no such number.
    case at([Int])
  }

  /// The shape of the leaf.
  package let shape: Shape
  /// The cuts along each dimension.
  package let cuts: [Cuts]
  /// The number of boxes along each dimension.
  package let counts: [Int]
  /// The number of boxes.
  package let count: Int

  /// Makes the grid of a leaf that isn't cut: its one box is the whole leaf.
  package init(whole shape: Shape) {
    self.shape = shape
    cuts = shape.dimensions.map { .each(Swift.max($0, 1)) }
    counts = cuts.map { _ in 1 }
    count = 1
  }

  /// Makes a grid.
  ///
  /// - Throws: `sharding.bad-shards` for cuts that the specification doesn't allow.
  package init(
    _ cuts: [Cuts], of shape: Shape, limit: Int = ReadLimits.standard.shardsPerLeaf
  ) throws(CoppiceError) {
    guard cuts.count == shape.rank else {
      throw Self.fault("a grid has one element for each dimension of its leaf")
    }
    var counts: [Int] = []
    var count = 1
    for (cut, extent) in zip(cuts, shape.dimensions) {
      switch cut {
      case .each(let cell):
        guard cell >= 1, cell <= extent else {
          throw Self.fault("the extent of a box is a number from 1 to \(extent)")
        }
        counts.append((extent - 1) / cell + 1)
      case .at(let indices):
        guard let first = indices.first, let last = indices.last, first >= 1, last < extent,
          zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 })
        else {
          throw Self.fault("cuts ascend, and are numbers from 1 to \(extent - 1)")
        }
        guard Self.multiples(indices, below: extent) == nil else {
          throw Self.fault("a number makes the same cuts, and is written instead of a list")
        }
        counts.append(indices.count + 1)
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: counts.last ?? 1)
      guard !overflow, product <= limit else {
        throw Self.fault("a leaf has at most \(limit) shards")
      }
      count = product
    }
    self.shape = shape
    self.cuts = cuts
    self.counts = counts
    self.count = count
  }

  /// Makes the grid that cuts each dimension into a number of equal boxes, rounded up: the last ones
  /// may be smaller, or fewer.
  ///
  /// - Throws: `sharding.bad-shards` for too many boxes.
  package init(dividing shape: Shape, into counts: [Int]) throws(CoppiceError) {
    try self.init(
      zip(shape.dimensions, counts).map { (extent, count) in
        .each(Swift.max(extent / count + (extent % count == 0 ? 0 : 1), 1))
      }, of: shape)
  }

  /// Makes the grid of boxes, given in any order.
  ///
  /// - Throws: `sharding.bad-shards` for boxes that aren't those of a grid.
  package init(_ boxes: [ArrayBox], of shape: Shape) throws(CoppiceError) {
    try self.init(cutsOf: boxes, of: shape)
    guard boxes.count == count, Set(boxes) == Set(self) else {
      throw Self.fault("the shards aren't the boxes of a grid that covers the shape \(shape)")
    }
  }

  /// Makes the coarsest grid that is cut where boxes begin.
  ///
  /// - Throws: `sharding.bad-shards` for boxes that don't lie in the shape.
  package init(
    cutsOf boxes: some Collection<ArrayBox>, of shape: Shape
  ) throws(CoppiceError) {
    guard boxes.allSatisfy({ $0.rank == shape.rank }) else {
      throw Self.fault("a shard has as many dimensions as its leaf")
    }
    let cuts = shape.dimensions.enumerated().map { (dimension, extent) in
      let indices = Set(boxes.map { $0.offset[dimension] }).subtracting([0]).sorted()
      return Self.multiples(indices, below: extent).map(Cuts.each) ?? .at(indices)
    }
    try self.init(cuts, of: shape)
  }

  /// The largest extent of any box along each dimension.
  package var largestShape: Shape {
    let extents = counts.indices.map { dimension in
      if case .each(let cell) = cuts[dimension] {
        return Swift.min(cell, shape.dimensions[dimension])
      }
      return (0..<counts[dimension]).map { index in
        let (start, end) = ends(index, dimension)
        return end - start
      }.max() ?? 0
    }
    return Shape(extents) ?? shape
  }

  /// Returns the number whose multiples below an extent are all of the indices, and only these.
  private static func multiples(_ indices: [Int], below extent: Int) -> Int? {
    guard let first = indices.first else { return extent }
    // The indices ascend, so there are exactly the multiples if each is one.
    guard first > 0, indices.count == (extent - 1) / first,
      indices.enumerated().allSatisfy({ $1 == ($0 + 1) * first })
    else { return nil }
    return first
  }

  private static func fault(_ message: String) -> CoppiceError {
    CoppiceError(.shardingBadShards, message)
  }
}

extension ShardGrid: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  /// The box at an index in C order.
  package subscript(index: Int) -> ArrayBox {
    var rest = index
    var (offset, extents) = (counts, counts)
    for dimension in counts.indices.reversed() {
      let (start, end) = ends(rest % counts[dimension], dimension)
      (offset[dimension], extents[dimension]) = (start, end - start)
      rest /= counts[dimension]
    }
    // A box of the grid lies in the shape, so both are valid.
    return Shape(extents).flatMap { ArrayBox(offset: offset, shape: $0) } ?? ArrayBox(whole: shape)
  }

  /// Returns the indices of the boxes that share elements with a box of the leaf, ascending.
  package func indices(sharing box: ArrayBox) -> [Int] {
    guard box.shape.elementCount > 0 else { return [] }
    var indices = [0]
    for dimension in counts.indices {
      let start = box.offset[dimension]
      let last = start + box.shape.dimensions[dimension] - 1
      let range = self.index(of: start, dimension)...self.index(of: last, dimension)
      indices = indices.flatMap { outer in range.map { outer * counts[dimension] + $0 } }
    }
    return indices
  }

  /// Returns the index along a dimension of the box that has an element.
  private func index(of element: Int, _ dimension: Int) -> Int {
    switch cuts[dimension] {
    case .each(let cell): element / cell
    case .at(let indices): indices.partitioningIndex { $0 > element }
    }
  }

  /// Returns where a box begins and ends along a dimension.
  private func ends(_ index: Int, _ dimension: Int) -> (start: Int, end: Int) {
    let extent = shape.dimensions[dimension]
    switch cuts[dimension] {
    case .each(let cell): return (index * cell, Swift.min((index + 1) * cell, extent))
    case .at(let indices):
      return (
        index == 0 ? 0 : indices[index - 1], index == indices.count ? extent : indices[index]
      )
    }
  }
}
