import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Pruning of a run that is there, by a checkpointer with any policy of its own.
struct PruningTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  private func save(_ losses: [Double]) async throws {
    let checkpointer = try root.open()
    for (step, loss) in losses.enumerated() {
      try await checkpointer.save(step: step, try state(step), metrics: ["loss": .float(loss)])
        .get()
    }
    try await checkpointer.close()
  }

  /// The sizes of a step's files by the system's own tools.
  private func size(of step: Int) throws -> Int {
    let path = ShellCommand.quoted(root.path.appending(String(step)).string)
    let sizes = ShellCommand.script("find \(path) -type f -exec wc -c {} \\;").output
    return sizes.split(separator: "\n").reduce(0) { sum, line in
      sum + (line.split(separator: " ").first.flatMap { Int($0) } ?? 0)
    }
  }

  @Test func deletesWhatNoPolicyKeeps() async throws {
    try await save([0.5, 0.1, 0.4, 0.3, 0.9])
    let sizes = try [2, 4].map(size(of:))
    let report = try await root.open().prune(
      keeping: .any([.best(1, by: .minimum("loss")), .every(steps: 3)]))
    #expect(report.kept.map(\.step) == [0, 1, 3])
    #expect(report.deleted.map(\.info.step) == [2, 4])
    #expect(sizes.allSatisfy { $0 > 0 } && report.byteCount == sizes.reduce(0, +))
    #expect(try root.names == ["0", "1", "3", "coppice-root.json"])
    #expect(try root.open().checkpoints.map(\.step) == [0, 1, 3])
  }

  @Test func aPlanDeletesNothing() async throws {
    try await save([1, 2, 3])
    let reader = try root.open { $0.isReadOnly = true }
    let report = try await reader.prune(keeping: .latest(1), isDryRun: true)
    #expect(report.deleted.map(\.info.step) == [0, 1])
    #expect(try root.names == ["0", "1", "2", "coppice-root.json"])
    #expect(
      await code { _ = try await reader.prune(keeping: .latest(1)) } == "usage.read-only")
  }

  @Test func faultyStepsStay() async throws {
    try await save([1, 2, 3])
    try OutputDirectory.remove(root.path.appending("0").appending("coppice.json"))
    let report = try await root.open().prune(keeping: .latest(1))
    #expect(report.faulty.map(\.step) == [0])
    #expect(report.deleted.map(\.info.step) == [1])
    #expect(try root.names == ["0", "2", "coppice-root.json"])
  }

  @Test func theNewestReadableStepStays() async throws {
    try await save([1, 2])
    let report = try await root.open().prune(keeping: PreservationPolicy { _, _ in [] })
    #expect(report.kept.map(\.step) == [1])
  }

  @Test func aStepThatIsReadStays() async throws {
    try await save([1, 2, 3])
    let lock = try ReadingLock.take(root.path.appending("0"))
    let report = try await root.open().prune(keeping: .latest(1))
    #expect(report.survivors.map(\.info.step) == [0])
    #expect(report.survivors.first?.reason.code == .operationInUse)
    #expect(report.deleted.map(\.info.step) == [1])
    withExtendedLifetime(lock) {}
  }

  /// A file with another name is not freed by deleting one of them.
  @Test func sharedFilesAreNotCounted() async throws {
    try await save([1, 2])
    let size = try size(of: 0)
    let arrays = root.path.appending("0").appending("state").appending("arrays.h5")
    try #require(ShellCommand.run("ln", arrays.string, root.directory("other").string).status == 0)
    let shared = try InputFile(opening: arrays).byteCount
    let report = try await root.open().prune(keeping: .latest(1))
    #expect(report.byteCount == size - shared)
  }

  /// What another process lists, saves and deletes at the same time is its own affair.
  @Test func aTrainerGoesOn() async throws {
    let trainer = try root.open { $0.preservation = .latest(4) }
    let saving = Task {
      for step in 0..<60 { try await trainer.save(step: step, try state(step)).get() }
      try await trainer.close()
    }
    let pruner = try root.open { $0.cleansUp = true }
    for _ in 0..<40 {
      let report = try await pruner.prune(keeping: .latest(2))
      for survivor in report.survivors { #expect(survivor.reason.code == .operationInUse) }
    }
    try await saving.value
    let steps = try root.open().checkpoints
    #expect(steps.last?.step == 59)
    #expect(steps.count >= 2 && steps.allSatisfy { $0.fault == nil })
    #expect(try root.findings() == [])
  }

  @Test func runsOfOthersAreRefused() async throws {
    // Version 0 is the only other format that the library reads alone.
    var options = CheckpointerOptions.readOnly(opening: OpenOptions())
    options.createsRoot = false
    let old = Specification.package.string + "/fixtures/0/valid/directory/steps/checkpoint"
    let run = try Checkpointer(old, options: options)
    #expect(!run.checkpoints.isEmpty)
    let error = await #expect(throws: CoppiceError.self) {
      _ = try await run.prune(keeping: .latest(1), isDryRun: true)
    }
    #expect(error?.code == .usageChoice && error?.message.contains("coppice-0") ?? false)
  }
}
