internal import CCoppiceStatistics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The work on a group of elements, block by block.
struct StatisticsGroup {
  private let numbers: ElementNumbers
  private let dtype: DType
  private let grid: ThumbnailGrid?

  /// The number of elements of a block, which fit in the nearest cache as 64-bit numbers.
  static let blockCount = 4096

  /// The results of a group.
  struct Part: Sendable {
    var statistics: ArrayStatistics
    var pool: ThumbnailPool?
  }

  init(_ dtype: DType, grid: ThumbnailGrid? = nil) throws(CoppiceError) {
    (self.dtype, self.grid) = (dtype, grid)
    numbers = try ElementNumbers(dtype)
  }

  /// Sums up the elements of a group.
  ///
  /// - Parameter first: The index of the first element in the array.
  func summarize(_ bytes: RawSpan, from first: Int) throws(CoppiceError) -> Part {
    var all = PairwiseStatistics()
    var pool = grid?.emptyPool
    var values = [Double](repeating: 0, count: Self.blockCount)
    try forEachBlock(bytes, first) { (block, start) throws(CoppiceError) in
      let count = try numbers.read(block, from: start, into: &values)
      pool?.add(values.span.extracting(first: count), from: start)
      all.append(summarize(&values, count, block))
    }
    return Part(statistics: all.total, pool: pool)
  }

  /// Counts the elements of a group in the bins of a histogram.
  func count(_ bytes: RawSpan, in histogram: Histogram) throws(CoppiceError) -> Histogram {
    var result = histogram
    var values = [Double](repeating: 0, count: Self.blockCount)
    try forEachBlock(bytes, 0) { (block, start) throws(CoppiceError) in
      let count = try numbers.read(block, from: start, into: &values)
      var specials = cstat_specials()
      let finite = unsafe values.withUnsafeMutableBufferPointer {
        unsafe cstat_keep_finite($0.baseAddress, count, &specials)
      }
      result.count(values.span.extracting(first: finite))
    }
    return result
  }

  private func forEachBlock(
    _ bytes: RawSpan, _ first: Int, _ body: (RawSpan, Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let blockBytes = Self.blockCount * dtype.width
    for start in stride(from: 0, to: bytes.byteCount, by: blockBytes) {
      let end = min(start + blockBytes, bytes.byteCount)
      try body(bytes.extracting(start..<end), first + start / dtype.width)
    }
  }

  private func summarize(
    _ values: inout [Double], _ count: Int, _ block: RawSpan
  ) -> ArrayStatistics {
    var result = ArrayStatistics()
    result.count = count
    var sums = cstat_sums()
    var specials = cstat_specials()
    result.finiteCount = unsafe values.withUnsafeMutableBufferPointer { values in
      guard unsafe !cstat_summarize(values.baseAddress, count, Self.level, &sums) else {
        return count
      }
      let finite = unsafe cstat_keep_finite(values.baseAddress, count, &specials)
      // The sum of finite numbers may be infinite as well: there is no mean then.
      if finite > 0, unsafe !cstat_summarize(values.baseAddress, finite, Self.level, &sums) {
        unsafe sums = Self.overflowing(values, finite)
      }
      return finite
    }
    result.nanCount = specials.nans
    result.infinityCount = specials.infinities
    result.minusInfinityCount = specials.minus_infinities
    guard result.finiteCount > 0 else { return result }
    (result.minimum, result.maximum) = (sums.least, sums.greatest)
    (result.sum, result.squares) = (sums.sum, sums.squares)
    (result.deviations, result.zeroCount) = (sums.deviations, sums.zeros)
    if dtype.isOfIntegers {
      let (range, sum) = IntegerSums.of(block, dtype) ?? Self.exact(sums)
      (result.integerRange, result.integerSum) = (range, sum)
    }
    return result
  }

  /// The sums of a block of integers of at most 32 bits, which are exact as they are.
  private static func exact(_ sums: cstat_sums) -> (ClosedRange<Int128>, Int128) {
    (Int128(sums.least)...Int128(sums.greatest), Int128(sums.sum))
  }

  private static func overflowing(
    _ values: UnsafeMutableBufferPointer<Double>, _ count: Int
  ) -> cstat_sums {
    var sums = cstat_sums(
      sum: 0, least: .infinity, greatest: -.infinity, deviations: .infinity, squares: .infinity,
      zeros: 0)
    for index in 0..<count {
      let value = unsafe values[index]
      sums.sum += value
      sums.least = min(sums.least, value)
      sums.greatest = max(sums.greatest, value)
      sums.zeros += value == 0 ? 1 : 0
    }
    return sums
  }

  /// The instructions that this processor has.
  private static let level = cstat_best_level()
}

extension DType {
  /// Whether elements are integers or bools.
  var isOfIntegers: Bool {
    switch kind {
    case .bool, .signedInteger, .unsignedInteger: true
    case .float, .complex: false
    }
  }
}
