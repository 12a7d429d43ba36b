import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// Errors, cancellation, and leftovers of crashed writers.
struct CheckpointerFaultTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  private var failing: NamedValues<any Sendable> {
    get throws {
      let gate = Gate()
      gate.open()
      let fault = CoppiceError(.ioNoSpace, "no space", cause: .system(errno: 28))
      return try GatedSource(gate, failure: fault).part
    }
  }

  @Test func errorsSurfaceOnTheHandle() async throws {
    let checkpointer = try root.open()
    try await checkpointer.save(step: 1, try state(1)).get()
    let save = try await checkpointer.saveCheckpointablesAsync(step: 2, try failing).get()
    #expect(await code { try await save.result() } == "io.no-space")
    // An error that was already received isn't thrown again.
    try await checkpointer.wait()
    #expect(checkpointer.checkpoints.map(\.step) == [1])
    #expect(try root.names == ["1", "coppice-root.json"])
    // The step can be saved again.
    try await checkpointer.save(step: 2, try state(2)).get()
    try await checkpointer.close()
  }

  @Test func errorsThatNobodyAwaitsSurfaceAtTheNextCall() async throws {
    let checkpointer = try root.open()
    try await checkpointer.saveCheckpointablesAsync(step: 1, try failing).get()
    while checkpointer.isSaving { try await Task.sleep(for: .milliseconds(5)) }
    #expect(
      await code { try await checkpointer.save(step: 2, try state(2)).get() } == "io.no-space")
    try await checkpointer.save(step: 2, try state(2)).get()
    try await checkpointer.saveCheckpointablesAsync(step: 3, try failing).get()
    #expect(await code { try await checkpointer.close() } == "io.no-space")
    try await checkpointer.close()
    #expect(try root.names == ["2", "coppice-root.json"])
  }

  @Test func errorsOfAwaitedSavesAreTheirOwn() async throws {
    let checkpointer = try root.open()
    let parts = try failing
    #expect(
      await code { try await checkpointer.saveCheckpointables(step: 1, parts).get() }
        == "io.no-space")
    try await checkpointer.save(step: 1, try state(1)).get()
  }

  @Test func cancellingLeavesNothing() async throws {
    let (gate, checkpointer) = (Gate(), try root.open { $0.maximumPendingSaves = 5 })
    let running = try await checkpointer.saveCheckpointablesAsync(
      step: 1, try GatedSource(gate).part
    ).get()
    let waiting = try await checkpointer.saveAsync(step: 2, try state(2)).get()
    let last = try await checkpointer.saveAsync(step: 3, try state(3)).get()
    waiting.cancel()
    running.cancel()
    gate.open()
    #expect(await code { try await running.result() } == "operation.cancelled")
    #expect(await code { try await waiting.result() } == "operation.cancelled")
    try await last.result()
    try await checkpointer.close()
    #expect(try root.names == ["3", "coppice-root.json"])
  }

  @Test func cancellingTheTaskCancelsTheSave() async throws {
    let (gate, checkpointer) = (Gate(), try root.open())
    let parts = try GatedSource(gate).part
    let task = Task { try await checkpointer.saveCheckpointables(step: 1, parts).get() }
    while !checkpointer.isSaving { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    gate.open()
    #expect(await code { _ = try await task.value } == "operation.cancelled")
    #expect(try root.names == ["coppice-root.json"])
  }

  @Test func slowSavesAreStopped() async throws {
    let (gate, checkpointer) = (Gate(), try root.open { $0.timeout = .milliseconds(30) })
    let save = try await checkpointer.saveCheckpointablesAsync(step: 1, try GatedSource(gate).part)
      .get()
    try await Task.sleep(for: .milliseconds(200))
    gate.open()
    #expect(await code { try await save.result() } == "operation.timed-out")
    #expect(try root.names == ["coppice-root.json"])
    // A timeout that is long enough on any machine.
    let patient = try root.open { $0.timeout = .seconds(600) }
    try await patient.save(step: 2, try state(2)).get()
  }

  @Test func failingCallsAfterTheCommitLoseNothing() async throws {
    struct Refusal: Error {}
    let checkpointer = try root.open {
      $0.preservation = .latest(1)
      $0.postFinalization = { if $0.step == 2 { throw Refusal() } }
    }
    try await checkpointer.save(step: 1, try state(1)).get()
    #expect(
      await code { try await checkpointer.save(step: 2, try state(2)).get() }
        == "operation.callback")
    #expect(checkpointer.checkpoints.map(\.step) == [1, 2])
    try await checkpointer.save(step: 3, try state(3)).get()
    #expect(checkpointer.checkpoints.map(\.step) == [3])
  }

  @Test func leftoversOfDeadWritersAreDeleted() async throws {
    try await root.open().save(step: 1, try state(1)).get()
    // Leftovers: a crashed save of a new step, one of an existing step, and a crashed deletion.
    try root.write("{", to: ".2.coppice-tmp-1f/coppice.json")
    try root.write("x", to: ".1.coppice-tmp-0/state/arrays.h5")
    try root.write("", to: ".coppice-root.json.coppice-tmp-a")
    try root.write("", to: ".1.coppice-old-5/coppice.json")
    // Names of other programs.
    try root.write("", to: ".hidden")
    try root.write("", to: ".1.coppice-tmp-notes")
    try root.write("", to: "logs/1")
    #expect(try root.findings().isEmpty)
    _ = try root.open { $0.isReadOnly = true }
    #expect(try root.names.count == 9)
    let checkpointer = try root.open()
    #expect(
      try root.names == [".1.coppice-tmp-notes", ".hidden", "1", "coppice-root.json", "logs"])
    #expect(checkpointer.checkpoints.map(\.step) == [1])
  }

  /// Where the system can't exchange names, a step is renamed aside for a moment while it is
  /// replaced.
  @Test func whatSteppedAsideComesBack() async throws {
    try await root.open().save(step: 1, try state(1)).get()
    #expect(
      ShellCommand.run("mv", root.path.string + "/1", root.path.string + "/.1.coppice-old-5").status
        == 0)
    try root.write("x", to: ".1.coppice-tmp-7/x")
    let checkpointer = try root.open()
    #expect(checkpointer.checkpoints.map(\.step) == [1])
    #expect(try root.names == ["1", "coppice-root.json"])
  }

  @Test func livingWritersAreLeftAlone() async throws {
    let (gate, checkpointer) = (Gate(), try root.open())
    try await checkpointer.saveCheckpointablesAsync(step: 1, try GatedSource(gate).part).get()
    while try !root.names.contains(where: { $0.contains("coppice-tmp") }) {
      try await Task.sleep(for: .milliseconds(5))
    }
    let other = try root.open()
    #expect(other.checkpoints.isEmpty)
    gate.open()
    try await checkpointer.close()
    try await other.reload()
    #expect(other.checkpoints.map(\.step) == [1])
  }

  @Test func anotherWritersStepIsNotReplaced() async throws {
    let (first, second) = (try root.open(), try root.open())
    try await first.save(step: 1, try state(1)).get()
    #expect(await code { try await second.save(step: 1, try state(2)).get() } == "operation.exists")
    #expect(try await first.load().difference(from: try state(1)) == nil)
  }

  @Test func directoriesThatAreNoRoots() async throws {
    let checkpointer = try root.open()
    try await checkpointer.save(step: 1, try state(1)).get()
    #expect(
      code { _ = try Checkpointer(root.path.appending("1")) } == "usage.choice")
    #expect(
      code { _ = try Checkpointer(root.path.appending("coppice-root.json")) }?.hasPrefix("io.")
        == true)
    var options = CheckpointerOptions()
    options.createsRoot = false
    #expect(
      code { _ = try Checkpointer(root.directory("none"), options: options) } == "io.not-found")
    _ = try Checkpointer(root.directory("a/b/c"))
    #expect(try DirectoryHandle(opening: root.directory("a/b/c")).entries().count == 1)
  }

  @Test func duplicateNumbersAreRefused() async throws {
    try await root.open().save(step: 1, try state(1)).get()
    #expect(
      ShellCommand.run("cp", "-r", root.path.string + "/1", root.path.string + "/run_1").status == 0
    )
    #expect(code { _ = try root.open() } == "directory.duplicate-step")
    // A name format that matches only one of the two resolves the conflict.
    #expect(try root.open { $0.stepNames = .standard(prefix: "run") }.latest?.name == "run_1")
  }
}
