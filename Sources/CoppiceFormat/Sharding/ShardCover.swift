import CoppiceModel

/// Whether boxes inside a shape, none of them empty, hold each of its elements exactly once.
///
/// Spec: SHD-9, SHD-10.
struct ShardCover {
  private let boxes: [ArrayBox]
  private let shape: Shape

  /// So many boxes are compared in pairs; the time for more would be out of proportion.
  private static let maximumCompared = 1024

  init(_ boxes: [ArrayBox], of shape: Shape) {
    self.boxes = boxes
    self.shape = shape
  }

  /// - Throws: `sharding.overlap`, `sharding.gap`.
  func check() throws(CoppiceError) {
    var covered = 0
    for box in boxes {
      // Each has fewer than 2^53 elements, so the sum doesn't overflow.
      covered += box.shape.elementCount
      guard covered <= shape.elementCount else {
        throw CoppiceError(.shardingOverlap, "shards share elements: they hold more than the array")
      }
    }
    if boxes.count <= Self.maximumCompared { try checkPairs() }
    guard covered == shape.elementCount else {
      throw CoppiceError(
        .shardingGap,
        "\(shape.elementCount - covered) of \(shape.elementCount) elements lie in no shard")
    }
    // As many elements as the array has: where one is left out, another is held twice.
    guard boxes.count <= Self.maximumCompared || isPartition else {
      throw CoppiceError(.shardingOverlap, "shards share elements, and leave others out")
    }
  }

  private func checkPairs() throws(CoppiceError) {
    for (index, box) in boxes.enumerated() {
      for other in 0..<index where share(boxes[other], box) {
        throw CoppiceError(.shardingOverlap, "shards \(other) and \(index) share elements")
      }
    }
  }

  private func share(_ left: ArrayBox, _ right: ArrayBox) -> Bool {
    for dimension in 0..<shape.rank
    where left.end(dimension) <= right.offset[dimension]
      || right.end(dimension) <= left.offset[dimension]
    {
      return false
    }
    return true
  }

  /// Compares the measures of the boxes, together, with that of the array.
  ///
  /// Each coordinate of each dimension has a random place, and a box measures the product of the
  /// distances between the places of its ends. Both sides are polynomials of the places, and the same
  /// one only if each element is in one box. Unequal ones agree at random places with a chance below
  /// 2^−55; the time is linear, whatever the boxes are.
  private var isPartition: Bool {
    var places = Array(repeating: [Int: UInt64](), count: shape.rank)
    func measure(_ box: ArrayBox) -> UInt64 {
      var product: UInt64 = 1
      for dimension in 0..<shape.rank {
        let ends = [box.offset[dimension], box.end(dimension)].map { end in
          if let place = places[dimension][end] { return place }
          let place = UInt64.random(in: 0..<Self.prime)
          places[dimension][end] = place
          return place
        }
        product = Self.multiply(product, (ends[1] + Self.prime - ends[0]) % Self.prime)
      }
      return product
    }
    let parts = boxes.reduce(UInt64(0)) { ($0 + measure($1)) % Self.prime }
    return parts == measure(ArrayBox(whole: shape))
  }

  /// 2^61 − 1, a prime.
  private static let prime: UInt64 = (1 << 61) - 1

  private static func multiply(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return prime.dividingFullWidth((high, low)).remainder
  }
}
