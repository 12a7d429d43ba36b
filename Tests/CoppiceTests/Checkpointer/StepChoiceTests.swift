import Coppice
import CoppiceFiles
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The choice of steps of a run: the best one, and ranges.
struct StepChoiceTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  private func save(_ metrics: [JSON?]) async throws {
    let checkpointer = try root.open()
    for (index, metrics) in metrics.enumerated() {
      try await checkpointer.save(step: index * 10, try state(index), metrics: metrics).get()
    }
    try await checkpointer.close()
  }

  private func step(_ choice: StepChoice) async throws -> Int? {
    guard case .checkpoint(let contents) = try await CheckpointInput.open(root.path, step: choice)
    else { return nil }
    return contents.step
  }

  private func steps(_ range: ClosedRange<Int>) async throws -> [Int] {
    guard
      case .steps(let run) = try await CheckpointInput.open(root.path, step: .range(range))
    else { return [] }
    return run.steps.map(\.number)
  }

  @Test func theBestIsFound() async throws {
    try await save([
      ["loss": 0.5], ["loss": 0.25], ["loss": 0.25, "eval": ["acc": 0.5]], ["eval": ["acc": 1]],
      ["loss": .number("NaN")], nil,
    ])
    // Of equally good ones, the latest.
    #expect(try await step(.best(metric: "loss", .minimum)) == 20)
    #expect(try await step(.best(metric: "loss", .maximum)) == 0)
    #expect(try await step(.best(metric: "eval.acc", .maximum)) == 30)
    #expect(try await step(.best(metric: "eval.acc", .minimum)) == 20)
  }

  @Test func aNameWithDotsIsANameFirst() async throws {
    try await save([["a.b": 1, "a": ["b": 9]], ["a": ["b": 5]]])
    #expect(try await step(.best(metric: "a.b", .maximum)) == 10)
  }

  @Test func aFaultyStepIsNotTheBest() async throws {
    try await save([["loss": 0.5], ["loss": 0.1]])
    try OutputDirectory.remove(root.path.appending("10").appending("coppice.json"))
    #expect(try await step(.best(metric: "loss", .minimum)) == 0)
  }

  @Test func anUnknownMetricIsRefusedWithTheKnown() async throws {
    try await save([["loss": 0.5, "eval": ["acc": 1]]])
    let error = await #expect(throws: CoppiceError.self) {
      _ = try await self.step(.best(metric: "los", .minimum))
    }
    #expect(error?.code == .usageNoSuchStep)
    #expect(
      error?.message
        == "no step has the metric los; there are eval.acc, loss; did you mean \"loss\"?")
  }

  @Test func rangesIncludeTheirEnds() async throws {
    try await save([nil, nil, nil, nil])
    #expect(try await steps(10...20) == [10, 20])
    #expect(try await steps(11...39) == [20, 30])
    #expect(await code { _ = try await self.steps(31...39) } == "usage.no-such-step")
  }

  @Test func aRangeIsValidated() async throws {
    try await save([nil, nil, nil])
    try OutputDirectory.remove(root.path.appending("0").appending("coppice.json"))
    #expect(try await !Checkpoint.validate(at: root.path).isValid)
    #expect(try await Checkpoint.validate(at: root.path, step: .range(10...20)).isValid)
  }

  /// Sizes are those of the system; times and metrics are those that were saved.
  @Test func aRunIsListed() async throws {
    try await save([["loss": 0.5], nil])
    guard case .steps(let run) = try await CheckpointInput.open(root.path) else {
      Issue.record("no run")
      return
    }
    let infos = try run.checkpoints()
    #expect(infos.map(\.step) == [0, 10])
    #expect(infos.map(\.metrics) == [["loss": 0.5], nil])
    #expect(infos.allSatisfy { $0.commitTime != nil && $0.fault == nil })
    let found = ShellCommand.script(
      "cd \(ShellCommand.quoted(root.path.string)) && for s in 0 10; do "
        + "find $s -type f -exec cat {} + | wc -c; done")
    let sizes = found.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    #expect(try run.byteCounts() == sizes)
  }
}
