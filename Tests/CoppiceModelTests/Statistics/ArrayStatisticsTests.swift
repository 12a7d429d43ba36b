import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Statistics of arrays beside those that NumPy and exact sums have: `generate.py` writes them.
struct ArrayStatisticsTests {
  /// A line of `values.tsv`.
  struct Case: CustomTestStringConvertible {
    var dtype: DType
    var shape: Shape
    var scale: Double
    var shift: Double
    var hasSpecials: Bool
    var values: [Substring]

    var testDescription: String { "\(dtype) \(shape)" }

    static func all() throws -> [Case] {
      let path = FilePath(#filePath).removingLastComponent().appending("values.tsv")
      return try Specification.text(of: path).split(separator: "\n").map { line in
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
        return Case(
          dtype: try #require(DType(rawValue: String(parts[0]))),
          shape: try #require(Shape(parts[1].split(separator: ",").compactMap { Int($0) })),
          scale: try #require(Double(parts[2])), shift: try #require(Double(parts[3])),
          hasSpecials: parts[4] == "1", values: Array(parts[5...]))
      }
    }

    /// The array that the script makes.
    func array() throws -> NDArray {
      let count = shape.elementCount
      if dtype == .int64 || dtype == .uint64 {
        let bits = (0..<UInt64(count)).map { $0 &* 2_654_435_761 &* (1 << 31 + 11) }
        return dtype == .uint64
          ? try NDArray(bits, shape: shape)
          : try NDArray(bits.map(Int64.init(bitPattern:)), shape: shape)
      }
      var numbers = (0..<count).map { index in
        let code = UInt32(truncatingIfNeeded: UInt64(index) * 2_654_435_761 + 12345)
        return (Double(code) / 0x1p32 - 0.5) * scale + shift
      }
      for index in 0..<(hasSpecials ? count : 0) {
        if index % 97 == 0 { numbers[index] = 0 }
        if index % 1009 == 0 { numbers[index] = .nan }
        if index % 2003 == 0 { numbers[index] = .infinity }
        if index % 3001 == 0 { numbers[index] = -.infinity }
      }
      if dtype == .bool { return try NDArray(numbers.map { $0 > 0 }, shape: shape) }
      guard dtype.kind == .complex else {
        return try NDArray(numbers, shape: shape).cast(to: dtype, mode: .lossy)
      }
      let pairs = zip(numbers, numbers.reversed()).flatMap { [$0, $1] }
      let bytes = pairs.withUnsafeBytes { Array($0) }
      return try NDArray(dtype: .complex128, shape: shape, bytes: bytes)
        .cast(to: dtype, mode: .lossy)
    }
  }

  private static var full: StatisticsOptions {
    var options = StatisticsOptions()
    options.histogramBins = 32
    options.thumbnailExtent = 4
    return options
  }

  /// Within a few units of the last place of a 64-bit float.
  private func isNear(_ value: Double?, _ text: Substring, scale: Double = 0) -> Bool {
    guard let value, let truth = Double(text) else { return false }
    return (value - truth).magnitude <= 4e-15 * max(truth.magnitude, scale)
  }

  @Test(arguments: try Case.all())
  func numbersAreNumPys(_ one: Case) throws {
    let result = try one.array().statistics(Self.full)
    let counts = [
      result.count, result.finiteCount, result.zeroCount, result.nanCount, result.infinityCount,
      result.minusInfinityCount,
    ]
    #expect(counts == one.values[..<6].compactMap { Int($0) })
    guard one.values.count > 6 else {
      #expect(result.mean == nil && result.minimum == nil && result.standardDeviation == nil)
      #expect(result.norm == 0 && result.histogram == nil)
      return
    }
    if one.dtype == .int64 || one.dtype == .uint64 {
      #expect(result.integerRange.map { String($0.lowerBound) } == String(one.values[6]))
      #expect(result.integerRange.map { String($0.upperBound) } == String(one.values[7]))
    } else {
      #expect(result.minimum == Double(one.values[6]))
      #expect(result.maximum == Double(one.values[7]))
    }
    // The rounding errors of a sum are relative to its terms.
    let scale = result.norm / Double(result.finiteCount).squareRoot()
    #expect(
      isNear(result.mean, one.values[8], scale: scale), "\(result.mean ?? 0) \(one.values[8])")
    #expect(
      isNear(result.standardDeviation, one.values[9], scale: scale * 1e-3), "\(one.values[9])")
    #expect(isNear(result.norm, one.values[10]), "\(result.norm) \(one.values[10])")
    #expect(result.histogram?.counts == one.values[11].split(separator: ",").compactMap { Int($0) })
    guard one.values.count > 12 else {
      #expect(result.thumbnail == nil)
      return
    }
    let means = one.values[12].split(separator: ",").map { $0 == "nan" ? nil : Double($0) }
    let found = try #require(result.thumbnail)
    #expect(found.rows * found.columns == means.count && found.means.count == means.count)
    for (mean, truth) in zip(found.means, means) {
      #expect((mean == nil) == (truth == nil))
      #expect(((mean ?? 0) - (truth ?? 0)).magnitude <= 1e-12 * max(scale, 1))
    }
  }

  @Test(arguments: try Case.all())
  func theNumberOfThreadsAndThePiecesChangeNothing(_ one: Case) throws {
    let array = try one.array()
    var options = Self.full
    options.threads = 1
    let first = try array.statistics(options)
    for threads in [2, 3] {
      options.threads = threads
      #expect(try array.statistics(options) == first)
      #expect(try PiecewiseSource(array: array).statistics(options) == first)
    }
  }

  /// Arrays that aren't encoded are read in bands, by all threads.
  @Test func bandsAreTheSameAsPieces() throws {
    let array = try NDArray((0..<2_200_000).map { Double($0 % 7919) / 3 }, shape: [2200, 1000])
    var options = StatisticsOptions()
    options.threads = 1
    let first = try array.statistics(options)
    options.threads = 2
    #expect(try PiecewiseSource(array: array, isUncoded: true).statistics(options) == first)
  }

  @Test func partsAreCombined() throws {
    let whole = try NDArray((0..<90_000).map { Double($0 % 1000) * 0.25 })
    var sum = ArrayStatistics()
    for part in [0..<1, 1..<40_000, 40_000..<40_000, 40_000..<90_000] {
      sum.combine(try whole.slice(part).statistics())
    }
    // numpy: a.mean(), a.std(), numpy.linalg.norm(a), (a == 0).sum()
    #expect(sum.count == 90_000 && sum.zeroCount == 90)
    #expect(isNear(sum.mean, "124.875"))
    #expect(isNear(sum.standardDeviation, "72.16874756430238"))
    #expect(sum.minimum == 0 && sum.maximum == 249.75 && sum.integerRange == nil)
  }

  @Test func deviationsFarFromZeroAreKept() throws {
    // The variance of 0, 1, 2 is 2/3, wherever they lie.
    let array = try NDArray((0..<30_000).map { 1e9 + Double($0 % 3) })
    let found = try #require(try array.statistics().standardDeviation)
    #expect((found - 0.816496580927726).magnitude < 1e-12)
  }

  @Test func aBoolThatIsNoneIsRefused() throws {
    let array = try NDArray(dtype: .bool, shape: [3], bytes: [0, 1, 2])
    #expect(throws: CoppiceError.self) { try array.statistics() }
  }

  @Test func theMonitorStopsIt() throws {
    let monitor = OperationMonitor()
    monitor.cancel()
    let error = #expect(throws: CoppiceError.self) {
      try NDArray.zeros(.float32, shape: [10]).statistics(monitor: monitor)
    }
    #expect(error?.code == .operationCancelled)
  }
}
