public import CoppiceModel

/// A number in the metrics of a step, and the direction in which it gets better.
public struct StepMetric: Sendable, CustomStringConvertible {
  /// The direction in which a metric gets better.
  public enum Goal: Hashable, Sendable {
    case maximum, minimum
  }

  /// The metric in words, for logs.
  public let description: String

  /// The direction in which the metric gets better.
  public let goal: Goal

  private let number: @Sendable (JSON) -> Double?

  /// Makes a metric that a closure computes.
  ///
  /// - Parameters:
  ///   - goal: Whether high or low numbers are better.
  ///   - description: The name of the metric in messages.
  ///   - number: Takes the metrics of a step, a JSON object; returns `nil` when they lack the
  ///     number.
  public init(
    _ goal: Goal, _ description: String = "a computed metric",
    _ number: @escaping @Sendable (JSON) -> Double?
  ) {
    self.description = (goal == .maximum ? "greatest " : "least ") + description
    self.goal = goal
    self.number = number
  }

  /// Returns a metric of which more is better: the number under a name, or under a path of nested
  /// names.
  public static func maximum(_ names: String...) -> Self { named(.maximum, names) }

  /// Returns a metric of which less is better: the number under a name, or under a path of nested
  /// names.
  public static func minimum(_ names: String...) -> Self { named(.minimum, names) }

  private static func named(_ goal: Goal, _ names: [String]) -> Self {
    Self(goal, names.joined(separator: ".")) { metrics in
      var value: JSON? = metrics
      for name in names { value = value?[name] }
      guard case .number(let text)? = value else { return nil }
      return Double(text)
    }
  }

  /// Returns the metric's value for a step; `nil` if the step doesn't have it.
  public func value(of info: CheckpointInfo) -> Double? { info.metrics.flatMap(number) }

  /// Returns the best of several steps; of equally good ones, the last.
  ///
  /// NaN is never the best.
  public func best(of steps: [CheckpointInfo]) -> CheckpointInfo? {
    rank(steps).ranked.last { !(value(of: $0)?.isNaN ?? true) }
  }

  /// Returns the steps that have the metric, worst first, with NaN before all others; and the steps
  /// that lack it.
  func rank(
    _ steps: [CheckpointInfo]
  ) -> (ranked: [CheckpointInfo], without: [CheckpointInfo]) {
    var ranked: [(value: Double, info: CheckpointInfo)] = []
    var without: [CheckpointInfo] = []
    for info in steps {
      if let value = value(of: info) { ranked.append((value, info)) } else { without.append(info) }
    }
    // The sort is stable: steps with equal values keep their order.
    ranked.sort { left, right in
      if left.value.isNaN || right.value.isNaN { return left.value.isNaN && !right.value.isNaN }
      return goal == .maximum ? left.value < right.value : left.value > right.value
    }
    return (ranked.map(\.info), without)
  }
}
