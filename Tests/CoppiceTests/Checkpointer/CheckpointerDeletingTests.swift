import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// Preservation of steps, and deletion of the others.
struct CheckpointerDeletingTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  /// The Flax guide: `max_to_keep=2` over five steps leaves 3 and 4.
  @Test func keepsTheLatest() async throws {
    let checkpointer = try root.open { $0.preservation = .latest(2) }
    for step in 0..<5 { try await checkpointer.save(step: step, try state(step)).get() }
    #expect(checkpointer.checkpoints.map(\.step) == [3, 4])
    #expect(try root.names == ["3", "4", "coppice-root.json"])
  }

  /// Measured with Orbax: two best of .5, .9, .1, .7 are steps 1 and 3.
  @Test func keepsTheBest() async throws {
    let accuracy = StepMetric.maximum("acc")
    let checkpointer = try root.open { $0.preservation = .best(2, by: accuracy) }
    for (step, value) in [0.5, 0.9, 0.1, 0.7].enumerated() {
      try await checkpointer.save(step: step, try state(step), metrics: ["acc": .float(value)])
        .get()
    }
    #expect(checkpointer.checkpoints.map(\.step) == [1, 3])
    #expect(checkpointer.best(by: accuracy)?.step == 1)
    #expect(checkpointer.best(by: .minimum("acc"))?.step == 3)
    #expect(try root.open().best(by: accuracy)?.step == 1)
  }

  @Test func bestAndLatest() async throws {
    let checkpointer = try root.open {
      $0.preservation = .any([.best(1, by: .minimum("loss")), .latest(1)])
    }
    for (step, loss) in [0.5, 0.1, 0.4, 0.3].enumerated() {
      try await checkpointer.save(step: step, try state(step), metrics: ["loss": .float(loss)])
        .get()
    }
    #expect(checkpointer.checkpoints.map(\.step) == [1, 3])
  }

  @Test func neverDeletesTheLastGoodOne() async throws {
    let checkpointer = try root.open { $0.preservation = PreservationPolicy { _, _ in [] } }
    for step in 0..<3 { try await checkpointer.save(step: step, try state(step)).get() }
    #expect(checkpointer.checkpoints.map(\.step) == [2])
    // A damaged step can't be resumed from, but it is kept because it may be repaired.
    try OutputDirectory.remove(root.path.appending("2").appending("coppice.json"))
    try root.write("{", to: "2/coppice.json")
    let other = try root.open { $0.preservation = .specificSteps([2]) }
    #expect(other.checkpoints.last?.fault?.code.rawValue == "json.syntax")
    try await other.save(step: 3, try state(3)).get()
    #expect(other.checkpoints.map(\.step) == [2, 3])
  }

  @Test func deletesOnRequest() async throws {
    let checkpointer = try root.open()
    for step in 0..<3 { try await checkpointer.save(step: step, try state(step)).get() }
    try await checkpointer.delete(step: 1)
    #expect(checkpointer.checkpoints.map(\.step) == [0, 2])
    #expect(try root.names == ["0", "2", "coppice-root.json"])
    #expect(await code { try await checkpointer.delete(step: 1) } == "usage.no-such-step")
    #expect(await code { _ = try await checkpointer.load(step: 1) } == "usage.no-such-step")
  }

  @Test func deletesPartsOnRequest() async throws {
    let checkpointer = try root.open()
    try await checkpointer.saveCheckpointables(
      step: 1, ["state": try state(1), "extra": try state(2)]
    ).get()
    try await checkpointer.deleteCheckpointable("extra", step: 1)
    #expect(try await checkpointer.checkpointablesMetadata().content.map(\.name) == ["state"])
    #expect(
      await code { try await checkpointer.deleteCheckpointable("extra", step: 1) }
        == "usage.no-such-checkpointable")
    try await checkpointer.delete(step: 7, missingOK: true)
    #expect(try root.findings().isEmpty)
  }

  @Test func movesAside() async throws {
    let checkpointer = try root.open {
      $0.preservation = .latest(1)
      $0.deletion = .move(into: "trash")
    }
    for step in 0..<3 { try await checkpointer.save(step: step, try state(step)).get() }
    try await checkpointer.save(step: 2, try state(20), options: .overwriting(.step)).get()
    #expect(
      try DirectoryHandle(opening: root.path.appending("trash")).entries().map(\.name) == [
        "0", "1",
      ])
    try await checkpointer.save(step: 1, try state(1), options: .forced).get()
    let names = try DirectoryHandle(opening: root.path.appending("trash")).entries().map(\.name)
    #expect(names == ["0", "1", "1-2"])
    #expect(try root.findings().isEmpty)
    #expect(try root.open().checkpoints.map(\.step) == [2])
  }

  @Test func whatIsReadStays() async throws {
    let checkpointer = try root.open { $0.preservation = .latest(1) }
    try await checkpointer.save(step: 1, try state(1)).get()
    let (started, gate) = (Gate(), Gate())
    let reader = try Checkpointer(root.path, options: .readOnly())
    async let loaded = reader.withContents(step: 1) { contents throws(CoppiceError) in
      started.open()
      gate.wait()
      guard case .named(let items) = contents.root, case .tree(let tree) = try items[0].value else {
        throw CoppiceError(.usageNoSuchCheckpointable, "no tree")
      }
      return try tree.loaded()
    }
    started.wait()
    try await checkpointer.save(step: 2, try state(2)).get()
    #expect(checkpointer.checkpoints.map(\.step) == [1, 2])
    #expect(await code { try await checkpointer.delete(step: 1) } == "operation.in-use")
    gate.open()
    #expect(try await loaded.difference(from: try state(1)) == nil)
    try await checkpointer.save(step: 3, try state(3)).get()
    #expect(checkpointer.checkpoints.map(\.step) == [3])
  }

  @Test func whatCannotBeDeletedIsToldAndTriedAgain() async throws {
    let warnings = Mutex<[String]>([])
    let checkpointer = try root.open {
      $0.preservation = .latest(1)
      $0.deletion = .move(into: "/proc")
      $0.onWarning = { error in warnings.withLock { $0.append(error.location.file ?? "") } }
    }
    try await checkpointer.save(step: 1, try state(1)).get()
    try await checkpointer.save(step: 2, try state(2)).get()
    try await checkpointer.save(step: 3, try state(3)).get()
    #expect(checkpointer.checkpoints.map(\.step) == [1, 2, 3])
    let told = warnings.withLock {
      $0.compactMap { $0.split(separator: "/").last.map { String($0) } }
    }
    #expect(told == ["1", "1", "2"])
  }
}
