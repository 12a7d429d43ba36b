import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import Testing

/// Saves that wait for those before them, and steps that a policy leaves out.
struct CheckpointerWaitingTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  /// Tells whether it was asked for its state.
  private final class Asked: StatefulCheckpointable {
    private let state = Mutex(false)

    var isAsked: Bool { state.withLock(\.self) }

    func save() async throws -> Checkpointable {
      state.withLock { $0 = true }
      return .json([:])
    }

    func load(from stored: Checkpointable) async throws {}
  }

  /// A further save waits before its state is copied, while the maximum of saves is running.
  @Test(arguments: [0, 1, 3]) func aFurtherSaveWaits(_ maximum: Int) async throws {
    let gate = Gate()
    let checkpointer = try root.open { $0.maximumPendingSaves = maximum }
    let count = max(maximum, 1)
    let first = try await checkpointer.saveCheckpointablesAsync(
      step: 1, try GatedSource(gate).part
    ).get()
    for step in 1..<count {
      try await checkpointer.saveAsync(step: step + 1, try state(step)).get()
    }
    let object = Asked()
    async let further = checkpointer.saveCheckpointablesAsync(step: 10, ["object": object])
    try await Task.sleep(for: .milliseconds(50))
    #expect(!first.isFinished && !object.isAsked)
    gate.open()
    try await further.get()
    #expect(first.isFinished && object.isAsked)
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == Array(1...count) + [10])
  }

  @Test func aSaveThatIsAwaitedWaitsToo() async throws {
    let gate = Gate()
    let checkpointer = try root.open()
    let first = try await checkpointer.saveCheckpointablesAsync(
      step: 1, try GatedSource(gate).part
    ).get()
    let object = Asked()
    async let second = checkpointer.saveCheckpointables(step: 2, ["object": object])
    try await Task.sleep(for: .milliseconds(50))
    #expect(!object.isAsked)
    gate.open()
    try await second.get()
    #expect(first.isFinished)
    #expect(checkpointer.checkpoints.map(\.step) == [1, 2])
  }

  @Test(arguments: [0, 50]) func cancellingEndsTheWait(_ milliseconds: Int) async throws {
    let gate = Gate()
    let checkpointer = try root.open()
    try await checkpointer.saveCheckpointablesAsync(step: 1, try GatedSource(gate).part).get()
    let object = Asked()
    let task = Task {
      try await checkpointer.saveCheckpointablesAsync(step: 2, ["object": object]).get()
    }
    try await Task.sleep(for: .milliseconds(milliseconds))
    task.cancel()
    // The gate is still shut.
    #expect(await code { _ = try await task.value } == "operation.cancelled")
    #expect(!object.isAsked)
    gate.open()
    // Other saves keep their places.
    try await checkpointer.saveAsync(step: 3, try state(3)).get()
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == [1, 3])
  }

  /// Only the call that waited throws the error; its step isn't saved.
  @Test func aFailureIsThrownToWhoWaited() async throws {
    let gate = Gate()
    let failure = CoppiceError(.ioNoSpace, "no space", cause: .system(errno: 28))
    let checkpointer = try root.open()
    try await checkpointer.saveCheckpointablesAsync(
      step: 1, try GatedSource(gate, failure: failure).part
    ).get()
    async let second = code { try await checkpointer.saveAsync(step: 2, try state(2)).get() }
    try await Task.sleep(for: .milliseconds(50))
    gate.open()
    #expect(await second == "io.no-space")
    try await checkpointer.saveAsync(step: 2, try state(2)).get()
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == [2])
  }

  /// A call that fails before its save begins gives its place back.
  @Test func aPlaceIsGivenBack() async throws {
    let checkpointer = try root.open()
    for _ in 0..<3 {
      #expect(
        await code {
          try await checkpointer.saveCheckpointablesAsync(step: 1, ["x": Gate()]).get()
        } == "handler.none")
    }
    try await checkpointer.saveAsync(step: 1, try state(1)).get()
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == [1])
  }

  @Test func closingRefusesWhoWaits() async throws {
    let gate = Gate()
    let checkpointer = try root.open()
    try await checkpointer.saveCheckpointablesAsync(step: 1, try GatedSource(gate).part).get()
    async let waiting = code { try await checkpointer.saveAsync(step: 2, try state(2)).get() }
    async let closing: Void = checkpointer.close()
    // Saves of step 1 are repeated until the checkpointer refuses them.
    while await code({ try await checkpointer.saveAsync(step: 1, try state(1)).get() })
      != "usage.closed"
    { try await Task.sleep(for: .milliseconds(5)) }
    gate.open()
    #expect(await waiting == "usage.closed")
    try await closing
    #expect(checkpointer.checkpoints.map(\.step) == [1])
  }

  @Test func continuousSavingSkipsWhileASaveGoesOn() async throws {
    let gate = Gate()
    let checkpointer = try root.open { $0.saveDecision = .continuous() }
    try await checkpointer.saveCheckpointablesAsync(step: 1, try GatedSource(gate).part).get()
    // A skipped save returns at once.
    guard case .skipped(let reason) = try await checkpointer.saveAsync(step: 2, try state(2)) else {
      throw CoppiceError(.usageStep, "not skipped")
    }
    #expect(reason.step == 2 && reason.isSaving)
    #expect(reason.policy == SaveDecisionPolicy.continuous().description)
    gate.open()
    try await checkpointer.wait()
    try await checkpointer.saveAsync(step: 3, try state(3)).get()
    try await checkpointer.close()
    #expect(checkpointer.checkpoints.map(\.step) == [1, 3])
  }

  /// The reason of a skipped step can be thrown as an error.
  @Test func aSkippedStepSaysWhy() async throws {
    let checkpointer = try root.open { $0.saveDecision = .fixedInterval(10) }
    let text = "step 7 is left out by the policy \"every 10 steps\""
    guard case .skipped(let reason) = try await checkpointer.save(step: 7, try state(7)) else {
      throw CoppiceError(.usageStep, "not skipped")
    }
    #expect(reason.description == text)
    for isAsync in [false, true] {
      let error = await fault {
        if isAsync {
          try await checkpointer.saveAsync(step: 7, try state(7)).get()
        } else {
          try await checkpointer.save(step: 7, try state(7)).get()
        }
      }
      #expect(error?.code == .operationSkipped)
      #expect(error?.message.hasPrefix(text) == true)
    }
    #expect(checkpointer.checkpoints.isEmpty)
  }
}
