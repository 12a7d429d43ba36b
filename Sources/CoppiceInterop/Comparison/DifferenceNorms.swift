import CoppiceModel

/// The norms of a difference A - B, over the pairs of finite elements.
public struct DifferenceNorms: Hashable, Sendable {
  /// The square root of the sum of the squares of the differences.
  public let norm: Double
  /// The norm of A, of the same elements.
  public let reference: Double
  /// The largest difference of two elements, of complex numbers that of one part.
  public let largest: Double

  /// The norm of the difference relative to that of A; `nil` where A is zero and B isn't.
  public var relative: Double? {
    norm == 0 ? 0 : reference > 0 ? norm / reference : nil
  }

  init(_ sums: DistanceSums) {
    norm = sums.differences.squareRoot()
    reference = sums.squares.squareRoot()
    largest = sums.largest
  }
}

extension DifferenceNorms: CustomStringConvertible {
  /// The norm and its part of A's: `norm of A - B 0.5 (relative 1e-03)`.
  public var description: String {
    "norm of A - B \(ShortNumber.text(norm))"
      + (relative.map { " (relative \(ShortNumber.text($0)))" } ?? "")
  }
}
