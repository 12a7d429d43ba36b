import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// Saves of a group in the background.
struct GroupRunAsyncTests {
  private let run: GroupRun

  init() throws { run = try GroupRun() }

  /// The messages of saves aren't taken for those of operations with the same names that run meanwhile.
  @Test func otherOperationsRunMeanwhile() async throws {
    let beside = run.root.directory("beside")
    try await run.onRanks(3) {
      $0.maximumPendingSaves = 4
    } _: { run, group in
      for step in 1...8 {
        try await run.saveAsync(step: step, try GroupRun.state(step, group)).get()
        // This save has the step's name too.
        try await Checkpoint.save(
          try GroupRun.state(step, group), to: beside.appending("\(step)"), group: group)
        try await group.barrier(named: "save \(step)/plan", within: .seconds(60))
        let all = try await group.allGather(
          [UInt8(group.rank)], named: "save \(step)/commit", within: .seconds(60))
        #expect(all == [[0], [1], [2]])
        if step > 4 { _ = try await run.load(step: 1) }
      }
    }
    try await run.expect(Array(1...8))
    for step in 1...8 {
      let tree = try await Checkpoint.load(from: beside.appending("\(step)"))
      #expect(try tree[leaf: "b"] == NDArray([Int32(step)]))
    }
  }

  /// The caller may change its state when the call returns; nothing is committed while a rank still reads.
  @Test func aSaveReturnsBeforeItIsDone() async throws {
    let gate = Gate()
    try await run.onRanks(2) { run, group in
      var rows = try NDArray.full(Float(1), shape: [4])
      let box = ArrayBox(offset: [group.rank * 4], shape: [4])!
      let array = try GlobalArray(
        dtype: .float32, shape: [8], boxes: [GlobalArray.HeldBox(box, rows)])
      let save = try await run.saveCheckpointablesAsync(
        step: 1,
        [
          "state": ["w": .leaf(array)] as Tree<GlobalArray>,
          "slow": EachRank(slow(try GatedSource(gate))),
        ]
      ).get()
      rows = try NDArray.full(Float(2), shape: [4])
      #expect(!save.isFinished && run.isSaving && run.latest == nil)
      try await group.barrier(named: "begun", within: .seconds(60))
      if group.rank == 1 { gate.open() }
      #expect(try await save.result().step == 1)
      #expect(run.latest?.step == 1 && !run.isSaving)
    }
    let tree = try await run.root.open().load(name: "state")
    #expect(try tree[leaf: "w"] == NDArray.full(Float(1), shape: [8]))
  }

  /// Tasks of the ranks begin their saves in different orders; the saves run in one.
  @Test(arguments: 0..<4)
  func theOrderIsThatOfRankZero(_ round: Int) async throws {
    let orders = try await run.onRanks(4) {
      $0.maximumPendingSaves = 6
    } _: { run, group in
      let steps = (1...6).map { ($0 + group.rank * (round + 1)) % 6 + 1 }
      try await withThrowingTaskGroup { tasks in
        for step in steps {
          tasks.addTask {
            try await run.saveAsync(step: step, try GroupRun.state(step, group), options: .forced)
              .get()
          }
        }
        try await tasks.waitForAll()
      }
      try await run.wait()
      return run.checkpoints.sorted {
        ($0.commitTime?.nanoseconds ?? 0) < ($1.commitTime?.nanoseconds ?? 0)
      }
      .map(\.step)
    }
    #expect(Set(orders).count == 1)
    try await run.expect(Array(1...6))
  }

  /// The error of one rank's background work is thrown once by all, by the next call.
  @Test(arguments: ["wait", "close", "save"])
  func closingThrowsTheAgreedError(_ call: String) async throws {
    let full = CoppiceError(.ioNoSpace, "the disk is full")
    let errors = try await run.errors(ofRanks: 3) {
      $0.maximumPendingSaves = 3
    } _: {
      run, group in
      try await run.save(step: 1, try GroupRun.state(1, group)).get()
      let gate = Gate()
      gate.open()
      let source = try GatedSource(gate, failure: group.rank == 1 ? full : nil)
      let save = try await run.saveCheckpointablesAsync(
        step: 2, ["state": try GroupRun.state(2, group), "own": EachRank(slow(source))]
      ).get()
      // One rank knows the error; the others may hear of it before their part of the save has ended.
      while call == "save", group.rank == 1, !save.isFinished {
        try await Task.sleep(for: .milliseconds(1))
      }
      do {
        switch call {
        case "wait": try await run.wait()
        case "close": try await run.close()
        default: _ = try await run.save(step: 3, try GroupRun.state(3, group))
        }
      } catch {
        // Once: after that the run goes on.
        if call != "close" { try await run.save(step: 4, try GroupRun.state(4, group)).get() }
        throw error
      }
    }
    #expect(errors.map { $0?.code } == [.ioNoSpace, .ioNoSpace, .ioNoSpace])
    #expect(errors.allSatisfy { $0?.message == "rank 1 of 3: the disk is full" })
    try await run.expect(call == "close" ? [1] : [1, 4])
  }

  /// A result that only some ranks have awaited is thrown by all that haven't, and stops none.
  @Test func aResultMayBeAwaitedByOneRank() async throws {
    let errors = try await run.errors(ofRanks: 2) { run, group in
      let gate = Gate()
      gate.open()
      let failure = group.rank == 0 ? CoppiceError(.ioFailed, "lost") : nil
      let save = try await run.saveCheckpointablesAsync(
        step: 2, ["own": EachRank(slow(try GatedSource(gate, failure: failure)))]
      ).get()
      if group.rank == 0 { _ = try? await save.result() }
      try await run.close()
    }
    #expect(errors.allSatisfy { $0?.message == "rank 0 of 2: lost" })
  }

  @Test func cancellingOnOneRankStopsTheSave() async throws {
    let gate = Gate()
    try await run.onRanks(3) { run, group in
      let save = try await run.saveCheckpointablesAsync(
        step: 1, ["own": EachRank(slow(try GatedSource(gate)))]
      ).get()
      if group.rank == 2 { save.cancel() }
      try await group.barrier(named: "cancelled", within: .seconds(60))
      gate.open()
      let error = await fault { try await save.result() }
      #expect(error?.code == .operationCancelled)
      #expect(error?.message.contains("rank 2 of 3") == true)
    }
    try await run.expect([])
  }

  @Test func aSaveThatTakesTooLongIsStopped() async throws {
    let gate = Gate()
    let errors = try await run.errors(ofRanks: 2) {
      $0.timeout = .milliseconds(300)
    } _: {
      run, group in
      // Rank 1 alone is slow; it opens the gate itself when its time must be over.
      let source = try GatedSource(gate)
      if group.rank == 1 {
        Task {
          try await Task.sleep(for: .seconds(2))
          gate.open()
        }
      }
      _ = try await run.saveCheckpointables(
        step: 1, ["own": EachRank(group.rank == 1 ? slow(source) : .dict([]))])
    }
    #expect(errors.map { $0?.code } == [.operationTimedOut, .operationTimedOut])
    #expect(errors.allSatisfy { $0?.message.contains("rank 1 of 2") == true })
    try await run.expect([])
  }

  /// Two saves of checkpoints at once, of the same name in different directories.
  @Test func checkpointsAreSavedInTheBackground() async throws {
    let directory = try TemporaryDirectory()
    let (first, second) = (directory("a").appending("c"), directory("b").appending("c"))
    let gate = Gate()
    try await GroupExampleTests.run(3) { group in
      let slowly = try await Checkpoint.saveCheckpointablesAsync(
        ["state": try GroupRun.state(1, group), "own": EachRank(slow(try GatedSource(gate)))],
        to: first, group: group)
      let quickly = try await Checkpoint.saveAsync(
        try GroupRun.state(2, group), to: second, group: group)
      try await quickly.result()
      #expect(StagedOutput.exists(second) && !StagedOutput.exists(first))
      try await group.barrier(named: "save c/plan", within: .seconds(60))
      gate.open()
      try await slowly.result()
      let again = try await Checkpoint.saveAsync(
        ["a": .leaf(try NDArray([Int32(1)]))] as Tree<NDArray>, to: first, group: group)
      let error = await fault { try await again.result() }
      #expect(error?.code == .operationExists && error?.message.hasPrefix("rank 0 of 3: ") == true)
    }
    for (path, step) in [(first, 1), (second, 2)] {
      let tree = try await Checkpoint.load(from: path, name: "state")
      #expect(try tree[leaf: "w"] == GroupRun.elements(ArrayBox(whole: GroupRun.shape), step))
    }
  }
}
