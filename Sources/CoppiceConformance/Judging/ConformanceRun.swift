public import CoppiceModel
import Synchronization

/// A test of a reader with cases of the suite.
public enum ConformanceRun {
  /// Runs cases, one on each processor at a time.
  ///
  /// - Throws: `usage.runner` when the runner can't be started.
  public static func run(
    _ cases: [FixtureCase], with runner: some ConformanceRunner,
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> ConformanceReport {
    let results = Mutex([ConformanceReport.Result?](repeating: nil, count: cases.count))
    monitor.expect(bytes: cases.count)
    try ParallelWork.run(count: cases.count) { (index) throws(CoppiceError) in
      let result = try run(cases[index], with: runner)
      results.withLock { $0[index] = result }
      try monitor.advance(bytes: 1)
    }
    return ConformanceReport(results: results.withLock { $0.compactMap { $0 } })
  }

  /// Runs one case.
  ///
  /// - Throws: `usage.runner` when the runner can't be started.
  public static func run(
    _ fixture: FixtureCase, with runner: some ConformanceRunner
  ) throws(CoppiceError) -> ConformanceReport.Result {
    var result = ConformanceReport.Result(
      id: fixture.id, title: fixture.title, outcome: fixture.outcome)
    do {
      result.faults = try CaseJudge.faults(of: try runner.answer(to: fixture), to: fixture)
    } catch {
      guard error.code != .usageRunner else { throw error }
      result.faults = [error.description]
    }
    return result
  }
}
