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
    func ask(_ query: RunnerRequest.Query) throws(CoppiceError) -> RunnerAnswer {
      try runner.answer(to: RunnerRequest(query, of: fixture.input))
    }
    do {
      result.faults = try CaseJudge.faultsOfLoading(try ask(.load(nil)), fixture)
      if !fixture.isForeign {
        let answer = try ask(.validate(fixture.level))
        if case .unsupported = answer {
          result.unsupportedRequests += 1
        } else {
          result.faults += CaseJudge.faultsOfValidating(answer, fixture)
        }
      }
      for query in fixture.queries {
        let answer = try ask(query.query)
        if case .unsupported = answer {
          result.unsupportedRequests += 1
          continue
        }
        let request = RunnerRequest(query.query, of: fixture.input)
        result.faults += CaseJudge.faults(of: answer, to: query).map { "\(request): \($0)" }
      }
    } catch {
      guard error.code != .usageRunner else { throw error }
      // No further requests: each could take as long as the limit.
      result.faults.append(error.description)
    }
    return result
  }
}
