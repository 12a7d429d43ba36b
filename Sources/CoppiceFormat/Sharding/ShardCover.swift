import CoppiceModel

/// The check that non-empty boxes inside a shape cover each of its elements exactly once.
///
/// Spec: SHD-9, SHD-10.
struct ShardCover {
  private let boxes: [ArrayBox]
  private let shape: Shape

  /// The most boxes that are compared in pairs, since the time grows with the square of their
  /// number.
  private static let maximumCompared = 1024

  init(_ boxes: [ArrayBox], of shape: Shape) {
    self.boxes = boxes
    self.shape = shape
  }

  /// - Throws: `sharding.overlap`, `sharding.gap`.
  func check() throws(CoppiceError) {
    var covered = 0
    for box in boxes {
      // Each box has fewer than 2^53 elements, and the sum is checked at each step, so it doesn't
      // overflow.
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
    // The element counts agree, so a gap implies an overlap as well.
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

  /// Whether the boxes partition the array, judged by a randomised test in linear time.
  ///
  /// Each coordinate of each dimension gets a random number, and the measure of a box is the
  /// product of the differences between the numbers of its two ends. The sum of the boxes' measures
  /// and the measure of the array are polynomials of these numbers, which are identical only if
  /// each element is in exactly one box. Different polynomials agree at random numbers with a
  /// probability below 2^−55.
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
