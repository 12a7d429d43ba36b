public import CoppiceModel
import Synchronization

/// A choice of a step of a run, or of several.
public enum StepChoice: Hashable, Sendable {
  /// The step with the greatest number.
  case latest
  /// The step of this number.
  case number(Int)
  /// The best step by a metric of a name, such as `loss` or `eval.loss`; of equally good ones, the
  /// latest.
  case best(metric: String, StepMetric.Goal)
  /// The steps whose numbers lie in a range, as a run.
  case range(ClosedRange<Int>)
}

extension StepChoice {
  /// Whether the choice is that of a run with fewer steps, and not of one step.
  package var isRun: Bool {
    if case .range = self { true } else { false }
  }

  /// Finds the chosen steps in a run.
  ///
  /// A faulty step is never the latest or the best.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - passedOver: A function that is called with the fault of each faulty step after the latest
  ///     one.
  /// - Returns: At least one step; exactly one unless the choice is a range.
  /// - Throws: `usage.no-such-step` with the numbers present; the fault of the last step where all are
  ///   faulty; `io.*`.
  package func find(
    in run: CheckpointRun, passedOver: (CoppiceError) -> Void = { _ in }
  ) throws(CoppiceError) -> [CheckpointRun.Step] {
    guard !run.steps.isEmpty else {
      throw CoppiceError(.usageNoSuchStep, "the run has no steps")
    }
    switch self {
    case .latest: return [try Self.latest(of: run, passedOver)]
    case .best(let name, let goal): return [try Self.best(StepMetric(goal, named: name), name, run)]
    case .number(let number):
      if let found = run.steps.first(where: { $0.number == number }) { return [found] }
      throw Self.missing("step \(number)", run)
    case .range(let range):
      let found = run.steps.filter { range.contains($0.number) }
      guard !found.isEmpty else {
        throw Self.missing("step from \(range.lowerBound) to \(range.upperBound)", run)
      }
      return found
    }
  }

  private static func missing(_ what: String, _ run: CheckpointRun) -> CoppiceError {
    CoppiceError(
      .usageNoSuchStep, "the run has no \(what); it has \(list(run.steps.map(\.number)))")
  }

  private static func latest(
    of run: CheckpointRun, _ passedOver: (CoppiceError) -> Void
  ) throws(CoppiceError) -> CheckpointRun.Step {
    var first: CoppiceError?
    for step in run.steps.reversed() {
      guard var fault = try step.fault() else { return step }
      fault = fault.located(file: step.name)
      first = first ?? fault
      fault.message = "step \(step.number) is faulty and is passed over: " + fault.message
      passedOver(fault)
    }
    throw first ?? CoppiceError(.usageNoSuchStep, "the run has no steps")
  }

  private static func best(
    _ metric: StepMetric, _ name: String, _ run: CheckpointRun
  ) throws(CoppiceError) -> CheckpointRun.Step {
    let metrics = try run.metrics()
    let ranked = metric.rank(Array(zip(run.steps, metrics)), metrics: \.1).ranked
    if let best = ranked.last(where: { !$0.value.isNaN }) { return best.step.0 }
    guard ranked.isEmpty else {
      throw CoppiceError(
        .usageNoSuchStep, "the metric \(name.printable) is NaN in each step that has it")
    }
    throw StepMetric.missing(name, in: metrics.compactMap(\.self))
  }

  /// Returns the last numbers as a text for messages; empty where there are none.
  package static func list(_ numbers: [Int]) -> String {
    (numbers.count > 20 ? "…, " : "") + numbers.suffix(20).map(String.init).joined(separator: ", ")
  }
}

extension StepMetric {
  /// Returns the error `usage.no-such-step` about a metric that no step has.
  ///
  /// Its message has the names of the metrics that there are.
  ///
  /// - Parameters:
  ///   - name: The name of the metric.
  ///   - metrics: The metrics of the steps, JSON objects.
  public static func missing(_ name: String, in metrics: [JSON]) -> CoppiceError {
    let names = Set(metrics.flatMap { $0.numberNames(below: "") })
    guard !names.isEmpty else {
      return CoppiceError(.usageNoSuchStep, "no step of the run has metrics")
    }
    let sorted = names.sorted()
    let shown = sorted.prefix(20).map(\.printable).joined(separator: ", ")
    return CoppiceError(
      .usageNoSuchStep,
      "no step has the metric \(name.printable); there are \(shown)"
        + (sorted.count > 20 ? ", …" : "") + NearMiss.hint(for: name, among: sorted))
  }
}

extension CheckpointRun {
  /// Returns the metrics of each step; `nil` for a step that has none or is faulty.
  ///
  /// - Throws: `io.*`.
  fileprivate func metrics() throws(CoppiceError) -> [JSON?] {
    let found = Mutex([JSON?](repeating: nil, count: steps.count))
    try ParallelWork.run(count: steps.count) { (index) throws(CoppiceError) in
      guard try steps[index].fault() == nil else { return }
      let metrics = try steps[index].open().metrics
      found.withLock { $0[index] = metrics }
    }
    return found.withLock(\.self)
  }
}

extension JSON {
  /// Returns the names of the numbers in an object, those of nested objects joined by dots.
  fileprivate func numberNames(below path: String) -> [String] {
    switch self {
    case .number: path.isEmpty ? [] : [path]
    case .object(let members):
      members.flatMap {
        $0.value.numberNames(below: path.isEmpty ? $0.name : path + "." + $0.name)
      }
    default: []
    }
  }
}
