import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// Saving steps: what is written, what is refused, and in which order.
struct CheckpointerSavingTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  @Test func savesAndLoads() async throws {
    let checkpointer = try root.open()
    #expect(checkpointer.latest == nil)
    let saved = try await checkpointer.save(
      step: 3, try state(3), metrics: ["loss": 0.5], options: .init(custom: ["note": "é"]))
    let info = try #require(checkpointer.latest)
    #expect(saved == .saved(info))
    #expect(info.step == 3 && info.name == "3")
    #expect(info.metrics == ["loss": 0.5])
    #expect(info.custom == ["note": "é"])
    let (begun, committed) = (try #require(info.initTime), try #require(info.commitTime))
    #expect(begun <= committed)
    let loaded = try await checkpointer.load()
    #expect(loaded.difference(from: try state(3)) == nil)
    try await checkpointer.close()
    #expect(try root.names == ["3", "coppice-root.json"])
    #expect(try root.findings().isEmpty)
    // Another checkpointer finds the same.
    let again = try root.open()
    #expect(again.checkpoints == [info])
    #expect(again.latest?.metrics == info.metrics)
    #expect(again.latest?.commitTime == committed)
  }

  /// Orbax's default policy skips steps while a save is running; ours doesn't.
  @Test func nothingAskedForIsDropped() async throws {
    let checkpointer = try Checkpointer(root.path)
    for step in 0..<10 {
      #expect(checkpointer.shouldSave(step: step))
      try await checkpointer.saveAsync(step: step, try state(step)).get()
    }
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == Array(0..<10))
    #expect(try await checkpointer.load().difference(from: try state(9)) == nil)
  }

  @Test func thePolicyDecides() async throws {
    let checkpointer = try root.open { $0.saveDecision = .fixedInterval(2) }
    for step in 0..<5 {
      #expect(checkpointer.shouldSave(step: step) == (step % 2 == 0))
      let result = try await checkpointer.save(step: step, try state(step))
      #expect(result.isSkipped == (step % 2 == 1))
    }
    try await checkpointer.save(step: 5, try state(5), options: .forced).get()
    #expect(checkpointer.checkpoints.map(\.step) == [0, 2, 4, 5])
  }

  /// As in Orbax: only greater numbers, unless forced. There, others are skipped without a word.
  @Test func runsGoForward() async throws {
    let checkpointer = try root.open()
    try await checkpointer.save(step: 5, try state(5)).get()
    #expect(!checkpointer.shouldSave(step: 4))
    for skips in [false, true] {
      let policy = skips ? SaveDecisionPolicy.specificSteps([]) : .always
      let other = try root.open { $0.saveDecision = policy }
      let error = await fault { try await other.save(step: 4, try state(4)) }
      #expect(error?.code == .usageStep)
      #expect(error?.message.contains(".overwriting(.stepAndLater)") == true)
    }
    #expect(checkpointer.checkpoints.map(\.step) == [5])
    try await checkpointer.save(step: 3, try state(3), options: .forced).get()
    #expect(checkpointer.checkpoints.map(\.step) == [3, 5])
    for isForced in [false, true] {
      #expect(
        await code {
          try await checkpointer.save(step: 5, try state(6), options: .init(isForced: isForced))
            .get()
        }
          == "operation.exists")
    }
    #expect(try await checkpointer.load(step: 5).difference(from: try state(5)) == nil)
  }

  @Test func overwritingReplaces() async throws {
    let checkpointer = try root.open { $0.stepNames = .standard(prefix: "step", digits: 3) }
    for step in 1...4 { try await checkpointer.save(step: step, try state(step)).get() }
    try await checkpointer.save(step: 2, try state(20), options: .overwriting(.step)).get()
    #expect(try await checkpointer.load(step: 2).difference(from: try state(20)) == nil)
    #expect(checkpointer.checkpoints.map(\.step) == [1, 2, 3, 4])
    // Flax's `overwrite`: the run goes on from here.
    try await checkpointer.save(step: 2, try state(21), options: .overwriting(.stepAndLater)).get()
    #expect(checkpointer.checkpoints.map(\.step) == [1, 2])
    #expect(try root.names == ["coppice-root.json", "step_001", "step_002"])
    #expect(try root.findings().isEmpty)
  }

  /// The step keeps its old name, so that the run never has two steps of one number.
  @Test func overwritingKeepsTheName() async throws {
    let old = try root.open { $0.stepNames = .flax() }
    try await old.save(step: 7, try state(7)).get()
    let checkpointer = try root.open()
    try await checkpointer.save(step: 7, try state(8), options: .overwriting(.step)).get()
    #expect(try root.names == ["checkpoint_7", "coppice-root.json"])
    #expect(try await checkpointer.load().difference(from: try state(8)) == nil)
  }

  /// In Orbax 0.12.8 the step is deleted before the policy is asked, and may then not be saved.
  @Test func overwritingLosesNothingWhenThePolicySaysNo() async throws {
    let checkpointer = try root.open { $0.saveDecision = .specificSteps([1, 2]) }
    try await checkpointer.save(step: 1, try state(1)).get()
    try await checkpointer.save(step: 3, try state(3), options: .forced).get()
    #expect(
      try await checkpointer.save(step: 3, try state(4), options: .overwriting(.step)).isSkipped)
    #expect(try await checkpointer.load().difference(from: try state(3)) == nil)
  }

  @Test func namesThatAreReadElsewhereAreTaken() async throws {
    try await root.open { $0.stepNames = .flax() }.save(step: 7, try state(7)).get()
    let checkpointer = try root.open { $0.stepNames = .standard() }
    #expect(checkpointer.checkpoints.isEmpty)
    #expect(
      await code { try await checkpointer.save(step: 7, try state(7)).get() } == "operation.exists")
    #expect(try root.findings().isEmpty)
  }

  @Test func refusesWhatIsNoStep() async throws {
    let checkpointer = try root.open {
      $0.stepNames = StepNameFormat(name: { "ckpt-\($0)" }, step: { _ in nil })
    }
    #expect(await code { try await checkpointer.save(step: 7, try state(7)).get() } == "usage.step")
    let plain = try root.open()
    for step in [-1, 1 << 53, Int.min] {
      #expect(await code { try await plain.save(step: step, try state(7)).get() } == "usage.step")
    }
    let outside = try root.open {
      $0.stepNames = StepNameFormat(name: { "../x_\($0)" }, step: { _ in 7 })
    }
    #expect(await code { try await outside.save(step: 7, try state(7)).get() } == "usage.step")
    #expect(try root.names == ["coppice-root.json"])
  }

  @Test func savesInTheOrderOfTheCalls() async throws {
    let gate = Gate()
    let order = Mutex<[Int]>([])
    let checkpointer = try root.open {
      $0.maximumPendingSaves = 10
      $0.postFinalization = { info in order.withLock { $0.append(info.step) } }
    }
    let first = try await checkpointer.saveCheckpointablesAsync(step: 1, try GatedSource(gate).part)
      .get()
    for step in 2...6 { try await checkpointer.saveAsync(step: step, try state(step)).get() }
    #expect(checkpointer.isSaving && !first.isFinished)
    #expect(checkpointer.checkpoints.isEmpty)
    #expect(!checkpointer.shouldSave(step: 6))
    #expect(
      await code { try await checkpointer.saveAsync(step: 4, try state(4)).get() }
        == "operation.exists")
    gate.open()
    try await checkpointer.wait()
    #expect(order.withLock(\.self) == [1, 2, 3, 4, 5, 6])
    #expect(checkpointer.checkpoints.map(\.step) == [1, 2, 3, 4, 5, 6])
    #expect(!checkpointer.isSaving)
  }

  @Test func preemptionSaves() async throws {
    let notice = PreemptionNotice()
    let checkpointer = try root.open {
      $0.saveDecision = .any([.fixedInterval(100), .preemption])
      $0.preemption = notice
    }
    #expect(try await checkpointer.save(step: 7, try state(7)).isSkipped)
    notice.give()
    try await checkpointer.save(step: 8, try state(8)).get()
  }

  @Test func permissionsAreThoseAskedFor() async throws {
    let checkpointer = try root.open { $0.permissions = FilePermissions(rawValue: 0o750) }
    try await checkpointer.save(step: 1, try state(1)).get()
    let modes = ShellCommand.run("find", root.path.string, "-printf", "%y %m\n").output
    #expect(Set(modes.split(separator: "\n")) == ["d 750", "f 640"])
  }

  @Test func metadataOfTheRun() async throws {
    let first = try root.open { $0.rootMetadata = ["seed": 7] }
    #expect(first.rootMetadata == ["seed": 7])
    // As in Orbax, existing metadata stay.
    let second = try root.open { $0.rootMetadata = ["seed": 8] }
    #expect(second.rootMetadata == ["seed": 7])
    try await second.setRootMetadata(["seed": 9, "best": .float(-Double.infinity)])
    #expect(try root.open().rootMetadata?["seed"] == 9)
    #expect(await code { try await second.setRootMetadata([1]) } == "usage.choice")
    #expect(try root.findings().isEmpty)
  }

  @Test func closedMeansClosed() async throws {
    let checkpointer = try root.open()
    try await checkpointer.saveAsync(step: 1, try state(1)).get()
    try await checkpointer.close()
    #expect(checkpointer.latest?.step == 1)
    #expect(
      await code { try await checkpointer.save(step: 2, try state(2)).get() } == "usage.closed")
    #expect(await code { try await checkpointer.delete(step: 1) } == "usage.closed")
    #expect(try await checkpointer.load().difference(from: try state(1)) == nil)
  }
}
