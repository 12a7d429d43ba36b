package import CoppiceModel

/// A choice of a step of a run.
public enum StepChoice: Hashable, Sendable {
  /// The step with the greatest number.
  case latest
  /// The step of this number.
  case number(Int)

  /// Finds the chosen step in a run.
  ///
  /// A faulty step is never the latest.
  ///
  /// - Parameters:
  ///   - steps: The run.
  ///   - passedOver: A function that is called with the fault of each faulty step after the latest
  ///     one.
  /// - Throws: `usage.no-such-step` with the numbers present; the fault of the last step where all are
  ///   faulty; `io.*`.
  package func find(
    in steps: CheckpointRun, passedOver: (CoppiceError) -> Void = { _ in }
  ) throws(CoppiceError) -> CheckpointRun.Step {
    let numbers = Self.list(steps.steps.map(\.number))
    switch self {
    case .number(let number):
      if let found = steps.steps.first(where: { $0.number == number }) { return found }
      throw CoppiceError(
        .usageNoSuchStep,
        numbers.isEmpty
          ? "the run has no steps" : "the run has no step \(number); it has \(numbers)")
    case .latest:
      var first: CoppiceError?
      for step in steps.steps.reversed() {
        guard var fault = try step.fault() else { return step }
        fault = fault.located(file: step.name)
        first = first ?? fault
        fault.message = "step \(step.number) is faulty and is passed over: " + fault.message
        passedOver(fault)
      }
      throw first ?? CoppiceError(.usageNoSuchStep, "the run has no steps")
    }
  }

  /// Returns the last numbers as a text for messages; empty where there are none.
  package static func list(_ numbers: [Int]) -> String {
    (numbers.count > 20 ? "…, " : "") + numbers.suffix(20).map(String.init).joined(separator: ", ")
  }
}
