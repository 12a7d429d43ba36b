public import Coppice
public import CoppiceModel

/// The options of a comparison.
public struct ComparisonOptions: Sendable {
  /// The allowed distance of numbers; `nil` compares bit for bit.
  public var tolerance: Tolerance?
  /// Whether dtypes may differ; numbers of different dtypes are compared by value.
  public var ignoresDTypes = false
  /// Whether a different order of keys and fields is a difference.
  public var comparesOrder = false
  /// Whether step, metrics, custom metadata and shardings are compared.
  public var comparesMetadata = false
  /// Whether the norms of the differences are taken.
  public var measuresNorms = false
  /// The patterns that select paths; empty compares everything.
  public var selection: [PathGlob] = []
  /// The step of the first run; `nil` compares runs step by step.
  public var stepA: StepChoice?
  /// The step of the second run.
  public var stepB: StepChoice?
  /// The most differences that are listed; all are counted.
  public var limit = 100

  /// Makes options that compare bit for bit.
  public init() {}
}

/// The distance up to which two numbers count as equal: `|a − b| ≤ absolute + relative · |b|`.
///
/// A NaN equals every NaN, an infinity equals itself, and −0 equals 0.
public struct Tolerance: Hashable, Sendable {
  /// The allowed distance.
  public var absolute = 0.0
  /// The allowed distance as a fraction of the second number.
  public var relative = 0.0

  /// Makes a tolerance; none by default.
  public init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  /// Returns whether a distance is within the tolerance.
  func admits(_ distance: NumberDistance) -> Bool {
    guard let absolute = distance.absolute else { return false }
    // Zero first: the tolerance of an infinite reference isn't a number.
    return absolute == 0 || absolute <= self.absolute + relative * distance.reference
  }
}
