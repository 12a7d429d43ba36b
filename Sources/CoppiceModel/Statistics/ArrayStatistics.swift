/// The statistics of the elements of one array, or of several together.
///
/// Minimum, maximum, mean, standard deviation and norm are those of the finite elements; the others are
/// only counted. Complex elements count with their magnitudes, bools as 0 and 1.
///
/// All sums are taken of 64-bit numbers: 128 at a time, then in blocks of 4096 elements, and the blocks
/// pairwise, with the deviations from the mean combined as by Chan, Golub and LeVeque. So the result
/// depends on the elements alone, not on the number of threads, the pieces that are read or, but for the
/// last digit of the magnitudes of complex numbers, the processor. Minimum, maximum and sum of integers
/// are exact.
public struct ArrayStatistics: Hashable, Sendable {
  /// The number of elements.
  public internal(set) var count = 0

  /// The number of finite elements.
  public internal(set) var finiteCount = 0

  /// The number of zeros, of either sign.
  public internal(set) var zeroCount = 0

  /// The number of elements that are no number; of a complex one, either part may be.
  public internal(set) var nanCount = 0

  /// The number of positive infinities, and of infinite complex numbers.
  public internal(set) var infinityCount = 0

  /// The number of negative infinities.
  public internal(set) var minusInfinityCount = 0

  /// The least finite element; `nil` if there is none.
  public internal(set) var minimum: Double?

  /// The greatest finite element; `nil` if there is none.
  public internal(set) var maximum: Double?

  /// The least and the greatest element where all are integers.
  public internal(set) var integerRange: ClosedRange<Int128>?

  /// The histogram of the finite elements, where one was asked for.
  public internal(set) var histogram: Histogram?

  /// The picture of the array, where one was asked for.
  public internal(set) var thumbnail: Thumbnail?

  /// The sum of the finite elements.
  var sum = 0.0
  /// The sum where all elements are integers.
  var integerSum: Int128?
  /// The sum of the squares of the distances from the mean.
  var deviations = 0.0
  var squares = 0.0

  /// Makes the statistics of no elements.
  public init() {}

  /// The mean of the finite elements; `nil` if there is none.
  public var mean: Double? {
    guard finiteCount > 0 else { return nil }
    return (integerSum.map(Double.init) ?? sum) / Double(finiteCount)
  }

  /// The standard deviation of the finite elements, as of a whole population; `nil` if there is none.
  ///
  /// It is infinite where the squares are beyond all 64-bit numbers.
  public var standardDeviation: Double? {
    finiteCount > 0 ? (deviations / Double(finiteCount)).squareRoot() : nil
  }

  /// The square root of the sum of the squares of the finite elements.
  ///
  /// It is infinite where the squares are beyond all 64-bit numbers.
  public var norm: Double { squares.squareRoot() }

  /// The number of elements that aren't finite.
  public var specialCount: Int { count - finiteCount }

  /// Adds the elements of other arrays; histogram and thumbnail, which are of one array, are dropped.
  public mutating func combine(_ other: ArrayStatistics) {
    histogram = nil
    thumbnail = nil
    add(other)
  }

  /// Adds other elements.
  mutating func add(_ other: ArrayStatistics) {
    if finiteCount > 0, other.finiteCount > 0, let a = mean, let b = other.mean {
      let (m, n) = (Double(finiteCount), Double(other.finiteCount))
      let distance = b - a
      deviations += other.deviations + distance * distance * (m * n / (m + n))
      integerRange = integerRange.flatMap { mine in
        other.integerRange.map { other in
          min(mine.lowerBound, other.lowerBound)...max(mine.upperBound, other.upperBound)
        }
      }
      integerSum = integerSum.flatMap { mine in other.integerSum.map { mine &+ $0 } }
      minimum = minimum.flatMap { mine in other.minimum.map { min(mine, $0) } }
      maximum = maximum.flatMap { mine in other.maximum.map { max(mine, $0) } }
    } else if other.finiteCount > 0 {
      (minimum, maximum) = (other.minimum, other.maximum)
      (integerRange, integerSum) = (other.integerRange, other.integerSum)
      deviations = other.deviations
    }
    sum += other.sum
    squares += other.squares
    count += other.count
    finiteCount += other.finiteCount
    zeroCount += other.zeroCount
    nanCount += other.nanCount
    infinityCount += other.infinityCount
    minusInfinityCount += other.minusInfinityCount
  }
}

/// The numbers of elements in bins of equal width.
public struct Histogram: Hashable, Sendable {
  /// The lower bound of the first bin.
  public let lowerBound: Double
  /// The upper bound of the last bin, which includes it; all others don't include theirs.
  public let upperBound: Double
  /// The number of finite elements in each bin.
  public internal(set) var counts: [Int]

  /// Makes an empty histogram with bounds as NumPy's: half a unit around the only value of all.
  init(from minimum: Double, to maximum: Double, bins: Int) {
    let isPoint = minimum == maximum
    lowerBound = isPoint ? minimum - 0.5 : minimum
    upperBound = isPoint ? maximum + 0.5 : maximum
    counts = Array(repeating: 0, count: bins)
  }

  /// Counts some finite numbers.
  mutating func count(_ values: Span<Double>) {
    let (bins, width) = (counts.count, upperBound - lowerBound)
    let step = width / Double(bins)
    // A range wider than all numbers, or narrower than their distances, has no bins of equal width.
    guard width.isFinite, step > 0 else {
      counts[0] += values.count
      return
    }
    for index in values.indices {
      let value = values[index]
      var bin = min(Int((value - lowerBound) / width * Double(bins)), bins - 1)
      // The bounds decide, whatever the division was rounded to.
      if value < lowerBound + step * Double(bin) {
        bin -= 1
      } else if bin < bins - 1, value >= lowerBound + step * Double(bin + 1) {
        bin += 1
      }
      counts[max(bin, 0)] += 1
    }
  }
}

/// A small picture of an array: the means of the finite elements in the cells of a grid.
///
/// The rows are those of the array as a matrix, whose columns are the array's last dimension.
public struct Thumbnail: Hashable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The means in C order; `nil` where no element is finite.
  public let means: [Double?]
}
