import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// A run of ranks that are tasks, and the state of its steps: an array that is divided by rows, and one that all have.
struct GroupRun {
  let root: RootFixture
  static let shape = Shape([8, 2])!

  init() throws { root = try RootFixture() }

  /// Runs a closure on each rank with a checkpointer, which is closed afterwards; none may throw.
  @discardableResult func onRanks<Value: Sendable>(
    _ count: Int, _ change: @escaping @Sendable (inout CheckpointerOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (Checkpointer, LocalProcessGroup) async throws -> Value
  ) async throws -> [Value] {
    try await ranks(count, change, body).map { try $0.get() }
  }

  /// Runs a closure on each rank, and returns the error of each; `nil` for success.
  func errors(
    ofRanks count: Int,
    _ change: @escaping @Sendable (inout CheckpointerOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (Checkpointer, LocalProcessGroup) async throws -> Void
  ) async throws -> [CoppiceError?] {
    try await ranks(count, change, body).map { result in
      switch result {
      case .success: nil
      case .failure(let error): try #require(error as? CoppiceError)
      }
    }
  }

  private func ranks<Value: Sendable>(
    _ count: Int, _ change: @escaping @Sendable (inout CheckpointerOptions) -> Void,
    _ body: @escaping @Sendable (Checkpointer, LocalProcessGroup) async throws -> Value
  ) async -> [Result<Value, any Error>] {
    await LocalProcessGroup.run(count: count) { [path = root.path] group in
      var options = CheckpointerOptions()
      options.storage.durability = .buffered
      change(&options)
      let run = try await Checkpointer(path, options: options, group: group)
      let value = try await body(run, group)
      try await run.close()
      return value
    }
  }

  static func mesh(_ count: Int) -> Sharding {
    Sharding(axisNames: ["x"], axisSizes: [count], partition: [["x"]])
  }

  /// The elements of a box at a step, NumPy's `arange(16).reshape(8, 2)` with the step added.
  static func elements(_ box: ArrayBox, _ step: Int) throws -> NDArray {
    try NDArray(
      (box.offset[0]..<box.end(0)).map { row in
        (box.offset[1]..<box.end(1)).map { Float(row * 2 + $0 + step) }
      })
  }

  static func state(_ step: Int, _ group: some ProcessGroup) throws -> Tree<GlobalArray> {
    let mesh = mesh(group.count)
    let own = try elements(mesh.box(of: shape, onDevice: group.rank), step)
    let array = try GlobalArray(
      dtype: .float32, shape: shape, sharding: mesh, devices: [group.rank: own])
    return .dict([
      .init("w", .leaf(array)), .init("b", .leaf(GlobalArray(try NDArray([Int32(step)])))),
    ])
  }

  /// Checks in one process what steps there are and what they hold.
  func expect(_ steps: [Int], _ name: String = "state") async throws {
    let run = try root.open()
    #expect(run.checkpoints.map(\.step) == steps)
    for info in run.checkpoints {
      let tree = try await run.load(step: info.step, name: name)
      #expect(try tree[leaf: "w"] == Self.elements(ArrayBox(whole: Self.shape), info.step))
      #expect(try tree[leaf: "b"] == NDArray([Int32(info.step)]))
    }
    #expect(try root.findings() == [])
    #expect(try root.names == (steps.map(String.init).sorted() + ["coppice-root.json"]))
  }
}

/// A tree of one array that is read late, or fails.
func slow(_ source: some ArraySource) -> Tree<ArrayLeaf> {
  .dict([.init("slow", .leaf(ArrayLeaf(source)))])
}
