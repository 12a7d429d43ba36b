package import CoppiceModel

/// How two checkpoints are compared.
package struct ComparisonOptions: Sendable {
  /// How far numbers may lie apart; `nil` compares bit for bit.
  package var tolerance: Tolerance?
  /// Whether element types may differ: numbers are compared by value where they do.
  package var ignoresDTypes = false
  /// Whether the order of keys and fields counts.
  package var comparesOrder = false
  /// Whether step, metrics, custom metadata and shardings are compared.
  package var comparesMetadata = false
  /// Patterns of which a path must match one; empty compares everything.
  package var selection: [PathGlob] = []
  /// The most differences that are listed; all are counted.
  package var limit = 100

  package init() {}
}

/// How far apart two numbers may lie to count as equal: `|a − b| ≤ absolute + relative · |b|`.
///
/// A NaN is near every NaN, an infinity near itself, −0 near 0.
package struct Tolerance: Hashable, Sendable {
  package var absolute = 0.0
  package var relative = 0.0

  package init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  /// Tells whether a distance is small enough.
  func admits(_ distance: NumberDistance) -> Bool {
    guard let absolute = distance.absolute else { return false }
    // Zero first: what two infinities allow between them is no number.
    return absolute == 0 || absolute <= self.absolute + relative * distance.reference
  }
}
