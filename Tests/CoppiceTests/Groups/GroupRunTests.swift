import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// Runs of steps that several ranks save, load and delete together.
struct GroupRunTests {
  private let run: GroupRun

  init() throws { run = try GroupRun() }

  @Test(arguments: [1, 2, 4])
  func whatRanksSaveIsOneRun(_ count: Int) async throws {
    let results = try await run.onRanks(count) { run, group in
      #expect(run.latest == nil)
      var results: [SaveResult] = []
      for step in 1...3 {
        results.append(
          try await run.save(
            step: step, try GroupRun.state(step, group),
            metrics: ["loss": .float(Double(step + group.rank))]))
      }
      #expect(run.latest?.step == 3)
      // The metrics are those of rank 0.
      #expect(run.checkpoints.map(\.metrics) == (1...3).map { ["loss": .float(Double($0))] })
      #expect(run.best(by: .minimum("loss"))?.step == 1)
      return results
    }
    #expect(Set(results).count == 1)
    try await run.expect([1, 2, 3])
    let info = try run.root.open().checkpoints[2]
    #expect(results[0][2] == .saved(info))
    // Times are those of the step's document.
    guard case .saved(let last) = results[count - 1][2] else { return }
    #expect(last.commitTime == info.commitTime && last.initTime == info.initTime)
  }

  @Test(arguments: [1, 2, 4], [1, 2, 4])
  func anyNumberLoads(_ savers: Int, _ loaders: Int) async throws {
    try await run.onRanks(savers) { run, group in
      for step in [5, 6] {
        try await run.saveAsync(step: step, try GroupRun.state(step, group)).get()
      }
    }
    try await run.onRanks(loaders) { run, group in
      let mesh = GroupRun.mesh(loaders)
      for (step, expected) in [(nil, 6), (5, 5)] as [(Int?, Int)] {
        let tree = try await run.load(
          step: step,
          as: [
            "w": .leaf(.sharded(mesh, devices: [group.rank])), "b": .leaf(.everything(.asSaved)),
          ])
        let held = try tree[leaf: "w"].boxes
        let box = try mesh.box(of: GroupRun.shape, onDevice: group.rank)
        #expect(held.map(\.box) == [box])
        #expect(try held.first?.array == GroupRun.elements(box, expected))
        let whole = try await run.load(step: step)
        #expect(
          try whole[leaf: "w"] == GroupRun.elements(ArrayBox(whole: GroupRun.shape), expected))
        let typed = try await run.load(State.self, step: step)
        #expect(try typed.b == NDArray([Int32(expected)]))
        let parts = try await run.loadCheckpointables(["state": nil], step: step)
        #expect(try parts.tree("state")[leaf: "b"] == NDArray([Int32(expected)]))
      }
    }
  }

  private struct State: Codable, Sendable {
    var w: NDArray
    var b: NDArray
  }

  /// Rank 0 decides by its policies; all get its reason, and its list of steps.
  @Test func thePoliciesOfRankZeroDecide() async throws {
    let results = try await run.onRanks(3) {
      $0.saveDecision = .fixedInterval(2)
      $0.preservation = .any([.latest(1), .best(1, by: .minimum("loss"))])
    } _: { run, group in
      var results: [SaveResult] = []
      for step in 0...6 {
        #expect(try await run.allShouldSave(step: step) == (step % 2 == 0))
        results.append(
          try await run.save(
            step: step, try GroupRun.state(step, group),
            metrics: ["loss": .float(Double(abs(step - 2) + group.rank * 100))]))
      }
      results.append(
        try await run.save(step: 7, try GroupRun.state(7, group), options: .forced))
      #expect(run.checkpoints.map(\.step) == [2, 7])
      return results
    }
    #expect(results.allSatisfy { $0 == results[0] })
    #expect(results[0].map(\.isSkipped) == [false, true, false, true, false, true, false, false])
    guard case .skipped(let reason) = results[2][1] else { return }
    #expect(reason.step == 1 && reason.policy == "every 2 steps" && !reason.isSaving)
    try await run.expect([2, 7])
  }

  /// A notice that reached one rank saves on all.
  @Test func aNoticeOnOneRankIsGivenOnAll() async throws {
    try await run.onRanks(3) { options in
      options.saveDecision = .preemption
      options.preemption = PreemptionNotice()
    } _: { run, group in
      let first = try await run.save(step: 1, try GroupRun.state(1, group))
      if group.rank == 2 { run.options.preemption?.give() }
      let second = try await run.save(step: 2, try GroupRun.state(2, group))
      #expect(first.isSkipped && !second.isSkipped)
      #expect(run.options.preemption?.isGiven == true)
    }
    try await run.expect([2])
  }

  @Test func allDeleteAndOverwriteTogether() async throws {
    try await run.onRanks(2) { run, group in
      for step in 1...4 {
        try await run.saveAsync(step: step, try GroupRun.state(step, group)).get()
      }
      // Deleting waits for the saves before it.
      try await run.delete(step: 2)
      #expect(run.checkpoints.map(\.step) == [1, 3, 4])
      try await run.delete(step: 2, missingOK: true)
      try await run.save(
        step: 3, try GroupRun.state(3, group), options: .overwriting(.stepAndLater)
      ).get()
      #expect(run.checkpoints.map(\.step) == [1, 3])
      try await run.setRootMetadata(["rank": .integer(group.rank)])
      #expect(run.rootMetadata == ["rank": 0])
      try await run.reload()
      #expect(run.checkpoints.map(\.step) == [1, 3] && run.rootMetadata == ["rank": 0])
    }
    try await run.expect([1, 3])
  }

  /// JSON is rank 0's; each rank has a part of its own.
  @Test func eachRankSavesItsPart() async throws {
    try await run.onRanks(3) { run, group in
      try await run.saveCheckpointables(
        step: 1,
        [
          "state": try GroupRun.state(1, group), "config": JSON.integer(group.rank),
          "iterator": EachRank(JSON.integer(group.rank * 10)),
        ]
      ).get()
    }
    try await run.expect([1])
    try await run.onRanks(3) { run, group in
      let own = try await run.loadCheckpointables(["iterator": EachRank(Int.self)])
      #expect(try own.value("iterator") == group.rank * 10)
    }
    // A rank that didn't save has none.
    try await run.onRanks(4) { run, group in
      let error = await fault {
        try await run.loadCheckpointables(["iterator": EachRank(Int.self)])
      }
      #expect(error?.code == .usageNoSuchCheckpointable)
      #expect(error?.message.hasPrefix("rank 3 of 4: rank 3 has no part here") == true)
    }
    let parts = try await run.root.open().loadCheckpointables()
    #expect(try parts.value("config") == JSON.integer(0))
    let iterators: LoadedCheckpointables = try parts.value("iterator")
    #expect(try (0..<3).map { try iterators.value("\($0)") as JSON } == [0, 10, 20])
  }

  /// Some ranks save, in an order that makes another one the first; the others go on with their own work.
  @Test func someRanksSave() async throws {
    let path = run.root.path
    let results = await LocalProcessGroup.run(count: 4) { group -> Int in
      let savers = try group.subgroup(of: [3, 1])
      if let savers {
        try await Checkpointer.withRun(at: path, group: savers) { run in
          _ = try await run.saveAsync(
            step: 1, try GroupRun.state(1, savers), metrics: ["by": .integer(group.rank)]
          ).get()
        }
      }
      try await group.barrier(named: "all", within: .seconds(60))
      return savers?.rank ?? -1
    }
    #expect(try results.map { try $0.get() } == [-1, 1, -1, 0])
    try await run.expect([1])
    #expect(try run.root.open().latest?.metrics == ["by": 3])
  }

  @Test func ranksWaitForStepsTogether() async throws {
    let root = run.root
    try await root.open().save(step: 1, try state(1)).get()
    let seen = try await run.onRanks(3) {
      $0.isReadOnly = true
    } _: { run, group in
      var seen: [Int] = []
      for try await info in run.steps(every: .milliseconds(10), timeout: .milliseconds(500)) {
        seen.append(info.step)
        if info.step < 3, group.rank == 1 {
          try await root.open().save(step: info.step + 1, try state(info.step + 1)).get()
        }
        #expect(info.commitTime != nil)
      }
      return seen
    }
    #expect(seen == [[1, 2, 3], [1, 2, 3], [1, 2, 3]])
  }
}
