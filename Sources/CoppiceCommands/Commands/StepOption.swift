import ArgumentParser
import Coppice
import CoppiceInterop

/// The option that chooses a step of a run, or a range of steps.
struct StepOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The step of a run: a number, latest, or best:METRIC:min or best:METRIC:max, such as \
      best:loss:min. 100..200 stands for all steps from 100 to 200.
      """, valueName: "step"),
    completion: .steps)
  var step: String?

  var choice: StepChoice? {
    get throws(CoppiceError) { try Self.parse(step, option: "--step") }
  }

  /// Parses the text of an option that takes a step.
  static func parse(_ step: String?, option: String) throws(CoppiceError) -> StepChoice? {
    guard let step else { return nil }
    if step == "latest" { return .latest }
    if step.hasPrefix("best:") {
      let (metric, goal) = try parseMetric(step.dropFirst(5), "\(option) best:METRIC:min")
      return .best(metric: metric, goal)
    }
    if let number = Int(step) { return .number(number) }
    if let range = range(step) {
      guard range.lower <= range.upper else {
        throw CoppiceError(
          .usageChoice,
          "\(option) takes a range from low to high, such as "
            + "\(range.upper)..\(range.lower), not \"\(step.printable)\"")
      }
      return .range(range.lower...range.upper)
    }
    throw CoppiceError(
      .usageChoice,
      "\(option) takes a number, latest, best:METRIC:min, best:METRIC:max or a range such as 100..200, "
        + "not \"\(step.printable)\"")
  }

  /// Parses `METRIC:min` or `METRIC:max`; a metric's name may contain colons.
  static func parseMetric(
    _ text: Substring, _ usage: String
  ) throws(CoppiceError) -> (name: String, goal: StepMetric.Goal) {
    let goals: [Substring: StepMetric.Goal] = ["min": .minimum, "max": .maximum]
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
      let goal = goals[text[text.index(after: colon)...]]
    else {
      throw CoppiceError(
        .usageChoice,
        "write \(usage), or max where more is better, not \"\(String(text).printable)\"")
    }
    return (String(text[..<colon]), goal)
  }

  private static func range(_ text: String) -> (lower: Int, upper: Int)? {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false)
    guard ends.count == 2, let lower = Int(ends[0]), let upper = Int(ends[1]) else { return nil }
    return (lower, upper)
  }
}
