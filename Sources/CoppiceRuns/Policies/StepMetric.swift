public import CoppiceModel

/// A number among the metrics of a step, and whether more of it is better.
public struct StepMetric: Sendable, CustomStringConvertible {
  /// Which end is the better one.
  public enum Goal: Hashable, Sendable {
    case maximum, minimum
  }

  /// The metric in words, for logs.
  public let description: String

  /// Which end is the better one.
  public let goal: Goal

  private let number: @Sendable (JSON) -> Double?

  /// Makes a metric that is computed.
  ///
  /// - Parameters:
  ///   - goal: Whether high or low numbers are better.
  ///   - description: The name of the metric in messages.
  ///   - number: Takes the metrics of a step, a JSON object; returns `nil` when they don't have it.
  public init(
    _ goal: Goal, _ description: String = "a computed metric",
    _ number: @escaping @Sendable (JSON) -> Double?
  ) {
    self.description = (goal == .maximum ? "greatest " : "least ") + description
    self.goal = goal
    self.number = number
  }

  /// More is better: the number under a name, or under names one inside the other.
  public static func maximum(_ names: String...) -> Self { named(.maximum, names) }

  /// Less is better: the number under a name, or under names one inside the other.
  public static func minimum(_ names: String...) -> Self { named(.minimum, names) }

  private static func named(_ goal: Goal, _ names: [String]) -> Self {
    Self(goal, names.joined(separator: ".")) { metrics in
      var value: JSON? = metrics
      for name in names { value = value?[name] }
      guard case .number(let text)? = value else { return nil }
      return Double(text)
    }
  }

  /// The number that a step has; `nil` where it has none.
  public func value(of info: CheckpointInfo) -> Double? { info.metrics.flatMap(number) }

  /// The best of several steps, and of equally good ones the last; NaN is never the best.
  public func best(of steps: [CheckpointInfo]) -> CheckpointInfo? {
    rank(steps).ranked.last { !(value(of: $0)?.isNaN ?? true) }
  }

  /// Steps that have the number, the best last, NaN first; and those that don't.
  func rank(
    _ steps: [CheckpointInfo]
  ) -> (ranked: [CheckpointInfo], without: [CheckpointInfo]) {
    var ranked: [(value: Double, info: CheckpointInfo)] = []
    var without: [CheckpointInfo] = []
    for info in steps {
      if let value = value(of: info) { ranked.append((value, info)) } else { without.append(info) }
    }
    // The sort is stable: among equals the order of steps stays.
    ranked.sort { left, right in
      if left.value.isNaN || right.value.isNaN { return left.value.isNaN && !right.value.isNaN }
      return goal == .maximum ? left.value < right.value : left.value > right.value
    }
    return (ranked.map(\.info), without)
  }
}
