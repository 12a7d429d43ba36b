internal import CCoppiceStatistics

/// The sums of the distances of the elements of two arrays, over the pairs of finite elements.
package struct ElementDistances {
  private let left: WideElements
  private let right: WideElements
  private let target: DType
  private let widths: (Int, Int)

  /// The sums so far.
  package private(set) var sums = DistanceSums()

  /// Makes sums for two dtypes; those of complex numbers are taken over both of their parts.
  ///
  /// - Throws: `cast.unsupported`; never expected.
  package init(_ a: DType, _ b: DType) throws(CoppiceError) {
    target = a.kind == .complex || b.kind == .complex ? .complex128 : .float64
    left = try WideElements(a, to: target)
    right = try WideElements(b, to: target)
    widths = (a.width, b.width)
  }

  /// Adds the elements of a block; a block with bytes that are no elements is left out.
  package mutating func add(_ a: RawSpan, _ b: RawSpan) {
    let count = a.byteCount / widths.0
    let numbers = count * target.width / 8
    var x = [Double](repeating: 0, count: numbers)
    var y = x
    do throws(CoppiceError) {
      try left.read(a, from: 0, into: &x)
      try right.read(b, from: 0, into: &y)
    } catch {
      return
    }
    var found = cstat_distances()
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe cstat_compare(x.baseAddress, y.baseAddress, numbers, cstat_best_level(), &found)
      }
    }
    sums = sums.adding(
      DistanceSums(
        squares: found.squares, differences: found.differences, largest: found.largest))
  }
}

/// The sums of squares over pairs of elements.
package struct DistanceSums: Sendable {
  /// The sum of the squares of the first elements.
  package var squares = 0.0
  /// The sum of the squares of the differences.
  package var differences = 0.0
  /// The largest difference, of complex numbers that of one part.
  package var largest = 0.0

  /// Makes sums of nothing, or given ones.
  package init(squares: Double = 0, differences: Double = 0, largest: Double = 0) {
    (self.squares, self.differences, self.largest) = (squares, differences, largest)
  }

  /// Returns the sums over these and other pairs.
  package func adding(_ other: DistanceSums) -> DistanceSums {
    DistanceSums(
      squares: squares + other.squares, differences: differences + other.differences,
      largest: max(largest, other.largest))
  }
}
