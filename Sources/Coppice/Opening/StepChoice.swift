package import CoppiceModel

/// Which step of a run is meant.
public enum StepChoice: Hashable, Sendable {
  /// The step with the greatest number.
  case latest
  /// The step of this number.
  case number(Int)

  /// Finds the step.
  ///
  /// - Throws: `usage.no-such-part` with the numbers that there are.
  package func find(in steps: CheckpointSteps) throws(CoppiceError) -> CheckpointSteps.Step {
    let found: CheckpointSteps.Step? =
      switch self {
      case .latest: steps.steps.last
      case .number(let number): steps.steps.first { $0.number == number }
      }
    guard let found else {
      let numbers = Self.list(steps.steps.map(\.number))
      throw CoppiceError(
        .usageNoSuchPart,
        numbers.isEmpty ? "the run has no steps" : "there is no such step; there are \(numbers)")
    }
    return found
  }

  /// The last numbers in words, for messages; empty where there are none.
  package static func list(_ numbers: [Int]) -> String {
    (numbers.count > 20 ? "…, " : "") + numbers.suffix(20).map(String.init).joined(separator: ", ")
  }
}
