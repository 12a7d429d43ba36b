import CoppiceConformance
import CoppiceModel
import Testing

/// Faulty readers fail the suite.
struct RunnerTests {
  /// All cases that load, and some that don't: enough to expose a faulty reader.
  private static func cases() throws -> [FixtureCase] {
    try suite.get().cases.filter {
      !$0.isForeign && ($0.outcome.loads || $0.outcome == .malformed || $0.outcome == .future)
    }
  }

  /// The cases without contents, which a reader that finds nothing passes.
  private static let emptyCases = [
    "1.0/tolerated/directory/missing-all", "1.0/valid/metadata/empty",
  ]

  @Test func aReaderThatAcceptsEverythingFailsWhereverAnythingIsToBeSeen() throws {
    let report = try ConformanceRun.run(try Self.cases(), with: script("accepts-all.sh"))
    #expect(!report.passes)
    let loading = report.results.filter { $0.outcome.loads }
    #expect(loading.filter(\.passes).map(\.id) == Self.emptyCases)
  }

  @Test func aReaderThatRefusesEverythingFailsAllThatLoads() throws {
    let report = try ConformanceRun.run(try Self.cases(), with: script("refuses-all.sh"))
    #expect(!report.passes)
    #expect(report.results.filter { $0.outcome.loads }.allSatisfy { !$0.passes })
  }

  @Test func aReaderThatLosesALeafFailsAllThatLoads() throws {
    let cases = try suite.get().cases(matching: "1.0/valid/writer")
    let report = try ConformanceRun.run(cases, with: script("drops-leaf.py"))
    #expect(report.results.allSatisfy { !$0.passes })
  }

  @Test func aReaderThatIsRightPasses() throws {
    let report = try ConformanceRun.run(try Self.cases(), with: script("knows-all.py"))
    #expect(report.passes, "\(report.text)")
  }

  /// The code is part of the answer where one is given.
  @Test func aReaderThatGivesAnotherCodeFails() throws {
    let cases = try Self.cases().filter { !$0.outcome.loads }
    let report = try ConformanceRun.run(cases, with: script("wrong-code.sh"))
    #expect(report.results.allSatisfy { !$0.passes })
  }

  @Test(arguments: ["garbage.sh", "fails.sh", "silent.sh", "talks.sh"])
  func aReaderThatGivesNoAnswerFails(_ name: String) throws {
    let fixture = try #require(try Self.cases().first)
    let result = try ConformanceRun.run(fixture, with: script(name))
    #expect(result.faults.count == 1)
    #expect(result.faults.first?.contains("runner.no-answer") == true)
  }

  /// The next case is answered by the command started again.
  @Test func aReaderThatEndsFailsTheCaseAlone() throws {
    let cases = try suite.get().cases(matching: "1.0/valid/model/root-*")
    #expect(cases.count >= 2)
    let report = try ConformanceRun.run(cases, with: script("dies-at-one.sh"))
    let failing = report.results.filter { !$0.passes }
    #expect(failing.map(\.id) == ["1.0/valid/model/root-none"])
    #expect(failing.first?.faults.first?.contains("exited with status 1") == true)
  }

  /// A reader that only loads is judged by what it loads.
  @Test func requestsThatAReaderDoesntSupportAreCounted() throws {
    let cases = try suite.get().cases(matching: "1.0/malformed/metadata/bom-*")
    let report = try ConformanceRun.run(cases, with: script("wrong-code.sh"))
    #expect(report.results.map(\.unsupportedRequests) == cases.map { 1 + $0.queries.count })
    #expect(report.text.contains("\nunsupported requests: \(cases.count)\n"))
  }

  @Test func aReaderThatHangsIsEnded() throws {
    let fixture = try #require(try Self.cases().first)
    let clock = ContinuousClock()
    let start = clock.now
    let result = try ConformanceRun.run(fixture, with: script("hangs.sh", seconds: 1))
    #expect(result.faults.first?.contains("more than 1 seconds") == true)
    #expect(clock.now - start < .seconds(20))
  }

  @Test func aCommandThatIsntThereIsNoReader() throws {
    let fixture = try #require(try Self.cases().first)
    #expect(throws: CoppiceError.self) {
      try ConformanceRun.run(fixture, with: CommandRunner(command: "/nonexistent/reader"))
    }
  }

  @Test func theReportCountsByOutcome() throws {
    let cases = try suite.get().cases(matching: "1.0/valid/writer")
    let report = try ConformanceRun.run(cases, with: script("refuses-all.sh"))
    #expect(report.text.contains("FAIL 1.0/valid/writer/plain"))
    #expect(report.text.contains("all cases:    0 passed,  \(cases.count) failed\n"))
    #expect(report.json["passes"] == .bool(false))
    #expect(report.json["counts"]?["valid"]?["failed"] == .integer(cases.count))
  }
}
