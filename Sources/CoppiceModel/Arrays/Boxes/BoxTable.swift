/// The boxes in which an array is stored, of which an array may have very many.
///
/// The numbers of all boxes lie in one array, since a box of its own takes several allocations.
package struct BoxTable: Sendable {
  /// The extents of the whole array.
  package let shape: Shape
  /// The number of boxes.
  package private(set) var count = 0
  /// The offset of each box, and then its extents.
  private var numbers: [Int] = []
  /// For each box the largest end along the first dimension of the boxes up to it.
  private var ends: [Int] = []

  private var rank: Int { shape.rank }

  /// Makes a table without boxes.
  package init(_ shape: Shape, reserving capacity: Int = 0) {
    self.shape = shape
    numbers.reserveCapacity(capacity * 2 * shape.rank)
    ends.reserveCapacity(capacity)
  }

  /// Adds a box, whose offset isn't before that of the last one in C order.
  ///
  /// - Returns: `false` for a box that doesn't lie in the array.
  package mutating func append(
    offset: ArraySlice<Int>, extents: ArraySlice<Int>
  ) -> Bool {
    guard offset.count == rank, extents.count == rank else { return false }
    for dimension in 0..<rank {
      let (start, extent) = (
        offset[offset.startIndex + dimension], extents[extents.startIndex + dimension]
      )
      let place = shape.dimensions[dimension]
      guard start >= 0, extent >= 1, start <= place, extent <= place - start else { return false }
    }
    numbers.append(contentsOf: offset)
    numbers.append(contentsOf: extents)
    if let first = offset.first, let extent = extents.first {
      ends.append(max(ends.last ?? 0, first + extent))
    }
    count += 1
    return true
  }

  /// The box of a number.
  package subscript(index: Int) -> ArrayBox {
    let start = index * 2 * rank
    let offset = Array(numbers[start..<(start + rank)])
    // A box of the table lies in the shape, so both are valid.
    return Shape(Array(numbers[(start + rank)..<(start + 2 * rank)])).flatMap {
      ArrayBox(offset: offset, shape: $0)
    } ?? ArrayBox(whole: shape)
  }

  /// Returns the numbers of boxes among which are all that share elements with a box of the array.
  package func candidates(sharing box: ArrayBox) -> Range<Int> {
    guard rank > 0, count > 0 else { return 0..<count }
    let (start, end) = (box.offset[0], box.end(0))
    let first = Self.firstIndex(below: count) { ends[$0] > start }
    let last = Self.firstIndex(below: count) { numbers[$0 * 2 * rank] >= end }
    return min(first, last)..<last
  }

  /// Returns the part that a box of a number shares with a box of the array; `nil` if it is empty.
  package func shared(_ index: Int, with box: ArrayBox) -> ArrayBox? {
    let start = index * 2 * rank
    for dimension in 0..<rank {
      let offset = numbers[start + dimension]
      guard offset < box.end(dimension),
        offset + numbers[start + rank + dimension] > box.offset[dimension]
      else { return nil }
    }
    return self[index].intersection(box) ?? (rank == 0 ? box : nil)
  }

  private static func firstIndex(below count: Int, where isAfter: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isAfter(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension BoxTable {
  /// Returns a description of what is wrong if the boxes don't have each element exactly once.
  ///
  /// Complexity: O(*n* log *n*) for *n* boxes that straight cuts through the array divide, as those of all known
  /// programs do.
  package func fault() -> String? {
    var covered = 0
    for index in 0..<count {
      let start = index * 2 * rank + rank
      // No more than the array's elements, whose number fits.
      let elements = numbers[start..<(start + rank)].reduce(1, *)
      guard elements <= shape.elementCount - covered else {
        return "two of its \(count) boxes share elements"
      }
      covered += elements
    }
    if let fault = overlap() { return fault }
    guard covered == shape.elementCount else {
      return "its \(count) boxes have \(covered) of its \(shape.elementCount) elements"
    }
    return nil
  }

  /// The most boxes of a group that no cut divides.
  private static let mostUncut = 1024

  /// Divides the boxes by cuts along one dimension after the other, until each is alone.
  private func overlap() -> String? {
    var order = Array(0..<count)
    var groups = [(range: 0..<count, dimension: 0, failures: 0)]
    // Cuts that separate a single box from many, again and again, would take forever.
    var budget = 1024 + count * 64
    while let (range, dimension, failures) = groups.popLast() {
      guard range.count > 1 else { continue }
      guard failures < rank else {
        if let fault = uncutOverlap(order[range]) { return fault }
        continue
      }
      budget -= range.count
      guard budget > 0 else { return "its boxes lie in a pattern that isn't read" }
      order[range].sort { start($0, dimension) < start($1, dimension) }
      var (first, end) = (range.lowerBound, 0)
      var cuts: [Range<Int>] = []
      for place in range {
        if place > first, start(order[place], dimension) >= end {
          cuts.append(first..<place)
          first = place
        }
        end = max(end, self.end(order[place], dimension))
      }
      cuts.append(first..<range.upperBound)
      let next = (dimension + 1) % rank
      for cut in cuts { groups.append((cut, next, cuts.count == 1 ? failures + 1 : 0)) }
    }
    return nil
  }

  private func uncutOverlap(_ group: ArraySlice<Int>) -> String? {
    guard group.count <= Self.mostUncut else { return "its boxes lie in a pattern that isn't read" }
    for (place, one) in group.enumerated() {
      for other in group.dropFirst(place + 1) {
        let isApart = (0..<rank).contains {
          end(one, $0) <= start(other, $0) || end(other, $0) <= start(one, $0)
        }
        guard isApart else { return "its boxes \(self[one]) and \(self[other]) share elements" }
      }
    }
    return nil
  }

  private func start(_ index: Int, _ dimension: Int) -> Int {
    numbers[index * 2 * rank + dimension]
  }

  private func end(_ index: Int, _ dimension: Int) -> Int {
    numbers[index * 2 * rank + dimension] + numbers[index * 2 * rank + rank + dimension]
  }
}
