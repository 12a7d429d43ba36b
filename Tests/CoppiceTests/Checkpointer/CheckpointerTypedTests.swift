import Coppice
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import Testing

/// Steps of typed state, and of objects that save themselves.
struct CheckpointerTypedTests {
  private let root: RootFixture

  init() throws { root = try RootFixture() }

  private struct TrainState: Codable, Equatable {
    var step: Int
    var params: [String: [Float]]
  }

  /// A data set's iterator.
  private final class Batches: StatefulCheckpointable {
    let position = Mutex(0)

    func save() async throws -> Checkpointable {
      .json(["position": .integer(position.withLock(\.self))])
    }

    func load(from stored: Checkpointable) async throws {
      guard case .json(let json) = stored, case .number(let text)? = json["position"] else {
        return
      }
      position.withLock { $0 = Int(text) ?? 0 }
    }
  }

  @Test func typedStateRoundTrips() async throws {
    let checkpointer = try root.open()
    let state = TrainState(step: 3, params: ["w": [1, 2.5], "b": [0]])
    try await checkpointer.save(step: 3, state).get()
    #expect(try await checkpointer.load(TrainState.self) == state)
    let next = TrainState(step: 4, params: ["w": [2, 3], "b": [1]])
    try await checkpointer.saveAsync(step: 4, next).get().result()
    #expect(try await checkpointer.load(TrainState.self, step: 4) == next)
    #expect(try await checkpointer.load(TrainState.self, step: 3) == state)
  }

  /// The state that is saved is that of the call, whatever the object does meanwhile.
  @Test func objectsResumeWhereTheyWere() async throws {
    let checkpointer = try root.open()
    let batches = Batches()
    batches.position.withLock { $0 = 17 }
    let save = try await checkpointer.saveCheckpointablesAsync(
      step: 1, ["state": try state(1), "batches": batches]
    ).get()
    batches.position.withLock { $0 = 18 }
    try await save.result()
    let resumed = Batches()
    let parts = try await checkpointer.loadCheckpointables(["batches": resumed, "state": nil])
    #expect(resumed.position.withLock(\.self) == 17)
    #expect(try parts.tree("state").difference(from: try state(1)) == nil)
  }

  /// A step that the policy skips isn't asked for its state.
  @Test func aPolicyThatSaysNoCostsNothing() async throws {
    final class Refusing: StatefulCheckpointable {
      func save() async throws -> Checkpointable { throw CoppiceError(.usageChoice, "asked") }
      func load(from stored: Checkpointable) async throws {}
    }
    let checkpointer = try root.open { $0.saveDecision = .specificSteps([2]) }
    #expect(try await checkpointer.saveCheckpointables(step: 1, ["x": Refusing()]).isSkipped)
    #expect(
      await code { try await checkpointer.saveCheckpointables(step: 2, ["x": Refusing()]).get() }
        == "usage.choice")
    #expect(!checkpointer.isSaving)
  }
}
