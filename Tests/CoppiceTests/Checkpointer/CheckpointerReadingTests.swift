import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Readers of a run: read-only, waiting for steps, names of several formats, many tasks at once.
struct CheckpointerReadingTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  @Test func readOnlyChangesNothing() async throws {
    let absent = try Checkpointer(root.path, options: .readOnly())
    #expect(absent.checkpoints.isEmpty)
    #expect(code { _ = try root.names } == "io.not-found")
    try await root.open().save(step: 1, try state(1)).get()
    try await absent.reload()
    #expect(absent.latest?.step == 1)
    #expect(!absent.shouldSave(step: 2))
    #expect(await code { try await absent.save(step: 2, try state(2)).get() } == "usage.read-only")
    #expect(await code { try await absent.delete(step: 1) } == "usage.read-only")
    #expect(await code { try await absent.setRootMetadata([:]) } == "usage.read-only")
    #expect(try await absent.load().difference(from: try state(1)) == nil)
  }

  @Test func whatIsNoRunIsToldAsAWarning() throws {
    try OutputDirectory.create(root.path)
    #expect(try Checkpointer(root.path, options: .readOnly()).warnings.isEmpty)
    try root.write("x", to: "notes.txt")
    let reader = try Checkpointer(root.path, options: .readOnly())
    #expect(reader.checkpoints.isEmpty)
    #expect(reader.warnings.map(\.code) == [.formatUnrecognized])
    #expect(try root.open().warnings.isEmpty)
  }

  @Test func readsNamesOfSeveralFormats() async throws {
    for (step, format) in [
      (1, StepNameFormat.any), (2, .standard(prefix: "step", digits: 4)), (3, .flax()),
    ] {
      try await root.open { $0.stepNames = format }.save(
        step: step, try state(step), options: .forced
      ).get()
    }
    #expect(try root.names == ["1", "checkpoint_3", "coppice-root.json", "step_0002"])
    #expect(try root.open().checkpoints.map(\.name) == ["1", "step_0002", "checkpoint_3"])
    #expect(try root.open { $0.stepNames = .flax() }.checkpoints.map(\.step) == [3])
    let both = try root.open {
      $0.stepNames = .composite(writing: .standard(), reading: [.flax()])
    }
    #expect(both.checkpoints.map(\.step) == [1, 3])
    #expect(await code { try await both.save(step: 2, try state(2)).get() } == "operation.exists")
    #expect(try root.findings().isEmpty)
  }

  /// DIR-33, DIR-37.
  @Test func whatIsNoStepIsAWarning() async throws {
    let checkpointer = try root.open()
    try await checkpointer.save(step: 1, try state(1)).get()
    let path = root.path.string
    #expect(ShellCommand.run("cp", "-r", path + "/1", path + "/2").status == 0)
    #expect(ShellCommand.run("cp", "-r", path + "/1", path + "/best").status == 0)
    try root.write("{", to: "3/coppice.json")
    try root.write("", to: "4/notes")
    try await checkpointer.reload()
    #expect(checkpointer.checkpoints.map(\.step) == [1, 3])
    #expect(
      checkpointer.warnings.map(\.code.rawValue)
        == Array(repeating: "directory.step-mismatch", count: 2))
    #expect(checkpointer.checkpoints.last?.fault?.code.rawValue == "json.syntax")
    #expect(await code { _ = try await checkpointer.load(step: 3) } == "json.syntax")
    #expect(checkpointer.latest?.step == 1)
  }

  @Test func stepsAreGivenAsTheyAppear() async throws {
    let writer = try root.open()
    let reader = try Checkpointer(root.path, options: .readOnly())
    try await writer.save(step: 1, try state(1)).get()
    try await writer.save(step: 2, try state(2)).get()
    async let later: Void = {
      try await Task.sleep(for: .milliseconds(50))
      try await writer.save(step: 5, try state(5)).get()
    }()
    var seen: [Int] = []
    for try await info in reader.steps(every: .milliseconds(5), timeout: .seconds(600)) {
      seen.append(info.step)
      if info.step == 5 { break }
    }
    try await later
    #expect(seen == [1, 2, 5])
    var newest = reader.steps(selecting: .newest, every: .milliseconds(5), timeout: .zero)
      .makeAsyncIterator()
    #expect(try await newest.next()?.step == 5)
    #expect(try await newest.next() == nil)
    try await writer.save(step: 6, try state(6)).get()
    #expect(try await newest.next()?.step == 6)
    #expect(try await reader.steps(after: 5, timeout: .zero).first { _ in true }?.step == 6)
  }

  @Test func waitingCanBeCancelled() async throws {
    let reader = try Checkpointer(root.path, options: .readOnly())
    let task = Task {
      for try await _ in reader.steps(every: .seconds(60)) {}
    }
    try await Task.sleep(for: .milliseconds(30))
    task.cancel()
    #expect(await code { try await task.value } == "operation.cancelled")
  }

  /// The latest step may be deleted while it is opened; then the reader looks again.
  @Test func latestIsFoundAgain() async throws {
    let writer = try root.open { $0.preservation = .latest(1) }
    try await writer.save(step: 1, try state(1)).get()
    let reader = try Checkpointer(root.path, options: .readOnly())
    try await writer.save(step: 2, try state(2)).get()
    #expect(reader.latest?.step == 1)
    #expect(try await reader.load().difference(from: try state(2)) == nil)
    #expect(reader.latest?.step == 2)
    try await writer.save(step: 3, try state(3)).get()
    #expect(await code { _ = try await reader.load(step: 2) } == "io.not-found")
  }

  @Test func eightTasksSaveAndLoad() async throws {
    let checkpointer = try root.open {
      $0.preservation = .any([.latest(3), .every(steps: 7)])
      $0.maximumPendingSaves = 2
    }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          var saved = 0
          for round in 0..<6 {
            let step = round * 8 + task
            if task % 2 == 0 {
              try await checkpointer.save(step: step, try state(step), options: .forced).get()
            } else {
              try await checkpointer.saveAsync(step: step, try state(step), options: .forced)
                .get().result()
            }
            saved += 1
            if let latest = checkpointer.latest {
              // Another task's save may have deleted it meanwhile.
              do {
                let loaded = try await checkpointer.load(step: latest.step)
                #expect(loaded.difference(from: try state(latest.step)) == nil)
              } catch let error as CoppiceError {
                #expect(["usage.no-such-step", "io.not-found"].contains(error.code.rawValue))
              }
            }
          }
          return saved
        }
      }
      var saved = 0
      for try await count in group { saved += count }
      #expect(saved == 48)
    }
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == [0, 7, 14, 21, 28, 35, 42, 45, 46, 47])
    #expect(try root.names.count == 11)
    #expect(try root.findings().isEmpty)
  }

  @Test func askingThePolicyMayUseTheCheckpointer() async throws {
    let box = Box()
    let checkpointer = try root.open {
      $0.saveDecision = SaveDecisionPolicy { _ in (box.checkpointer?.checkpoints.count ?? 0) < 2 }
    }
    box.checkpointer = checkpointer
    for step in 0..<4 {
      #expect(try await checkpointer.save(step: step, try state(step)).isSkipped == (step > 1))
    }
    #expect(checkpointer.checkpoints.map(\.step) == [0, 1])
    box.checkpointer = nil
  }

  /// Steps are listed by their names and root documents: there are no trees here.
  @Test func listsManySteps() throws {
    var document = RootDocument(requiredFeatures: [], checkpointables: [], writer: "test")
    document.metrics = ["loss": 0.25]
    try OutputDirectory.create(root.path)
    let bytes = try document.encoded()
    for step in 0..<1000 {
      let path = root.path.appending("\(step)")
      try OutputDirectory.create(path)
      try OutputFile.create(path.appending("coppice.json"), holding: bytes, durability: .buffered)
    }
    let found = try root.open { $0.isReadOnly = true }
    #expect(found.checkpoints.count == 1000)
    #expect(found.checkpoints[123].metrics == ["loss": 0.25])
  }
}

/// A reference through which a policy reaches its own checkpointer.
private final class Box: @unchecked Sendable {
  var checkpointer: Checkpointer?
}
