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

  /// Makes a metric of one name, as programs for people take it: `loss`, or `eval.loss`.
  ///
  /// It is the number under this name, or, where there is none, under the nested names that the
  /// dots separate.
  public init(_ goal: Goal, named name: String) {
    let nested = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    self.init(goal, name) { metrics in
      metrics.number(under: [name]) ?? metrics.number(under: nested)
    }
  }

  /// Returns a metric of which more is better: the number under a name, or under a path of nested
  /// names.
  public static func maximum(_ names: String...) -> Self { nested(.maximum, names) }

  /// Returns a metric of which less is better: the number under a name, or under a path of nested
  /// names.
  public static func minimum(_ names: String...) -> Self { nested(.minimum, names) }

  private static func nested(_ goal: Goal, _ names: [String]) -> Self {
    Self(goal, names.joined(separator: ".")) { $0.number(under: names) }
  }

  /// Returns the metric's value in the metrics of a step; `nil` if they lack it.
  public func value(in metrics: JSON) -> Double? { number(metrics) }

  /// Returns the steps that have the metric, worst first, with NaN before all others; and the steps
  /// that lack it.
  package func rank<Step>(
    _ steps: [Step], metrics: (Step) -> JSON?
  ) -> (ranked: [(value: Double, step: Step)], without: [Step]) {
    var ranked: [(value: Double, step: Step)] = []
    var without: [Step] = []
    for step in steps {
      if let value = metrics(step).flatMap(number) {
        ranked.append((value, step))
      } else {
        without.append(step)
      }
    }
    // The sort is stable: steps with equal values keep their order.
    ranked.sort { left, right in
      if left.value.isNaN || right.value.isNaN { return left.value.isNaN && !right.value.isNaN }
      return goal == .maximum ? left.value < right.value : left.value > right.value
    }
    return (ranked, without)
  }
}

extension JSON {
  /// Returns the number under a path of nested names.
  fileprivate func number(under names: [String]) -> Double? {
    var value: JSON? = self
    for name in names { value = value?[name] }
    guard case .number(let text)? = value else { return nil }
    return Double(text)
  }
}
