import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Ranks that fail while they have a run together.
struct GroupRunFaultTests {
  private let run: GroupRun

  init() throws { run = try GroupRun() }

  /// The decisions of rank 0 are errors on all ranks, which go on afterwards.
  @Test func allThrowTheErrorOfRankZero() async throws {
    try await run.onRanks(3) { run, group in
      try await run.save(step: 5, try GroupRun.state(5, group)).get()
      let tree = try GroupRun.state(5, group)
      let again = await fault { try await run.save(step: 5, tree) }
      #expect(again?.code == .operationExists)
      let earlier = await fault { try await run.saveAsync(step: 4, tree) }
      #expect(earlier?.code == .usageStep)
      let missing = await fault { try await run.load(step: 9) }
      #expect(missing?.code == .usageNoSuchStep && missing?.message.contains("there are 5") == true)
      let gone = await fault { try await run.delete(step: 9) }
      #expect(gone?.code == .usageNoSuchStep)
      for error in [again, earlier, missing, gone] {
        #expect(error?.message.hasPrefix("rank 0 of 3: ") == true)
      }
    }
    try await run.expect([5])
  }

  /// What one rank can't make isn't saved by any.
  @Test func allThrowTheErrorOfOneRank() async throws {
    try await run.onRanks(3) { run, group in
      let values: NamedValues<any Sendable> =
        group.rank == 1 ? ["state": Unsavable()] : ["state": try GroupRun.state(1, group)]
      let error = await fault { try await run.saveCheckpointables(step: 1, values) }
      #expect(error?.code == .handlerNone && error?.message.hasPrefix("rank 1 of 3: ") == true)
      // The slot is free again.
      try await run.save(step: 2, try GroupRun.state(2, group)).get()
      let other = await fault {
        try await run.save(
          step: 3,
          group.rank == 2 ? ["x": .leaf(GlobalArray(try NDArray([1])))] : GroupRun.state(3, group))
      }
      #expect(other?.code == .structureMismatch && other?.message.contains("rank 2 of 3") == true)
    }
    try await run.expect([2])
  }

  private struct Unsavable: Sendable {}

  @Test func aCallAfterTheCommitFailsOnAll() async throws {
    struct Mishap: Error {}
    let errors = try await run.errors(ofRanks: 2) {
      $0.postFinalization = { _ in throw Mishap() }
      $0.preservation = .latest(1)
    } _: { run, group in
      try await run.save(step: 1, try GroupRun.state(1, group)).get()
    }
    #expect(errors.map { $0?.code } == [.operationCallback, .operationCallback])
    try await run.expect([1])
  }

  /// Damage that one rank meets sends all to the older step.
  @Test func damageOnOneRankFallsBackOnAll() async throws {
    try await run.onRanks(2) { run, group in
      for step in [1, 2] { try await run.save(step: step, try GroupRun.state(step, group)).get() }
    }
    // The rows of rank 1 lie in its file.
    let file = run.root.path.appending("2/state/arrays.1.h5")
    let input = try InputFile(opening: file)
    let bytes = try input.bytes(at: 0, count: input.byteCount)
    // Its first numbers at step 2, 10 and 11.
    let rows: [UInt8] = [0, 0, 0x20, 0x41, 0, 0, 0x30, 0x41]
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: rows) })
    try OutputFile(at: file, creating: false).write([1], at: place)
    let request: @Sendable (LocalProcessGroup) -> Tree<GlobalRequest> = { group in
      [
        "w": .leaf(.sharded(GroupRun.mesh(2), devices: [group.rank])),
        "b": .leaf(.everything(.asSaved)),
      ]
    }
    try await run.onRanks(2) { run, group in
      let refused = await fault { try await run.load(as: request(group)) }
      #expect(refused?.code == .arraysDigestMismatch)
      #expect(refused?.message.contains("rank 1 of 2") == true)
      let tree = try await run.load(as: request(group), fallback: .olderStep)
      let box = try GroupRun.mesh(2).box(of: GroupRun.shape, onDevice: group.rank)
      #expect(try tree[leaf: "w"].boxes.first?.array == GroupRun.elements(box, 1))
      #expect(run.latest?.step == 1)
      let missing = await fault { try await run.load(step: 2) }
      #expect(missing?.code == .arraysDigestMismatch)
    }
  }

  /// A step that lost a file makes way, as in a run of one process.
  @Test func aFaultyStepIsSetAside() async throws {
    try await run.onRanks(2) { run, group in
      try await run.save(step: 1, try GroupRun.state(1, group)).get()
    }
    try OutputDirectory.remove(run.root.path.appending("1/state/tree.json"))
    try await run.onRanks(2) { run, group in
      #expect(run.latest == nil && run.checkpoints.first?.fault != nil)
      try await run.save(step: 1, try GroupRun.state(1, group)).get()
    }
    #expect(try run.root.names == ["1", "1.damaged", "coppice-root.json"])
    #expect(try await run.root.open().load(step: 1)[leaf: "b"] == NDArray([Int32(1)]))
  }

  /// A rank that has ended is named at once, whatever the others call; what was committed stays.
  @Test(arguments: ["save", "async", "load", "wait", "open"])
  func aRankThatEndedIsNamed(_ call: String) async throws {
    try await run.onRanks(3) { run, group in
      try await run.save(step: 1, try GroupRun.state(1, group)).get()
    }
    let path = run.root.path
    let results = await LocalProcessGroup.run(count: 3) { group in
      if call == "open", group.rank == 1 { return }
      let run = try await Checkpointer(path, group: group)
      if group.rank == 1 { return }
      switch call {
      case "save": try await run.save(step: 2, try GroupRun.state(2, group)).get()
      case "async":
        try await run.saveAsync(step: 2, try GroupRun.state(2, group)).get()
        try await run.close()
      case "load": _ = try await run.load()
      default: try await run.wait()
      }
    }
    for rank in [0, 2] {
      let error = await fault { try results[rank].get() }
      #expect(error?.code == .operationAbsentRank || error?.code == .operationBrokenGroup)
      #expect(error?.message.contains("rank 1 of 3 ended without coming to \"") == true)
      #expect(error?.message.contains("\u{1E}") == false)
    }
    try await run.expect([1])
  }
}
