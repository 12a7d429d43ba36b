import Coppice
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Shardings of a checkpoint are recorded again when its arrays are saved.
struct RecordedShardingTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private let sharding = Sharding(
    axisNames: ["data", "model"], axisSizes: [2, 2], partition: [["data"], ["model"]],
    devices: [0, 2048, 4096, 6144])

  /// A checkpoint of a sharded array, a key of random numbers, and an array without either.
  private func saved() async throws -> Tree<ArrayMetadata> {
    let tree: Tree<ArrayLeaf> = [
      "w": .leaf(ArrayLeaf(try counting(4, 4), sharding: sharding)),
      "key": .leaf(
        ArrayLeaf(try NDArray([1, 2] as [UInt32]), prngImplementation: "threefry2x32")),
      "layers": [.leaf(ArrayLeaf(try counting(2), sharding: Sharding(device: "cpu:0")))],
      "b": .leaf(ArrayLeaf(try counting(2))),
    ]
    try await Checkpoint.saveCheckpointables(
      ["state": tree], to: directory("a"), options: .quick())
    return try await Checkpoint.metadata(at: directory("a")).content
  }

  @Test func shardingsSurviveALoadAndASave() async throws {
    let saved = try await saved()
    let tree = try await Checkpoint.load(from: directory("a"))
    try await Checkpoint.save(tree, to: directory("b"), options: .quick { $0.like = saved })
    #expect(try await Checkpoint.metadata(at: directory("b")).content == saved)
    #expect(try await Checkpoint.load(from: directory("b")) == tree)
    // Without being asked for, none is recorded.
    try await Checkpoint.save(tree, to: directory("c"), options: .quick())
    let plain = try await Checkpoint.metadata(at: directory("c")).content
    #expect(plain.leaves.allSatisfy { $0.leaf.sharding == nil })
  }

  @Test func stepsOfTypedStatesRecordThem() async throws {
    struct State: Codable, Sendable {
      var w: NDArray
      var layers: [NDArray]
      var new: NDArray
    }
    var options = CheckpointerOptions()
    options.storage.like = try await saved()
    let run = try Checkpointer(directory("run"), options: options)
    let state = State(w: try counting(6, 2), layers: [try counting(3, 3)], new: try counting(1))
    try await run.save(step: 1, state).get()
    let leaves = try await run.metadata().content
    #expect(try leaves[leaf: "w"].sharding == sharding)
    // Another number of dimensions is another array.
    #expect(try leaves[leaf: "layers/0"].sharding == nil)
    #expect(try leaves[leaf: "new"].sharding == nil)
  }

  @Test func shardingsOfNoArrayAreRefused() async throws {
    let saved = try await saved()
    let error = await fault {
      try await Checkpoint.save(
        ["params": ["w": .array([1] as [Float])]] as Tree<NDArray>, to: directory("b"),
        options: .quick { $0.like = saved })
    }
    #expect(error?.code.rawValue == "usage.tree-path")
    #expect(error?.location.treePath == "w")
  }

  @Test func aDeviceOfTheCheckpointIsNamedByItsIdentifier() async throws {
    let saved = try await saved()
    #expect(saved.devices == [0, 2048, 4096, 6144])
    let options = TreeLoadOptions(selection: .matching([try PathGlob("w")]))
    let share = try await Checkpoint.load(
      from: directory("a"), as: saved.abstract(onDevice: saved.devices[3]), options: options)
    #expect(try share[leaf: "w"].floats == [10, 11, 14, 15])
    let error = await fault {
      try await Checkpoint.load(from: directory("a"), as: saved.abstract(onDevice: 3))
    }
    let message = try #require(error?.structureReport?.mismatched.first?.message)
    #expect(message.contains("the mesh has no device 3; it has 0, 2048, 4096, 6144"))
  }

  /// Four rows and four columns: the axes keep the dimensions that they divide.
  @Test func anotherMeshDividesAlongTheSameAxes() async throws {
    let saved = try await saved()
    let request = try saved.abstract(onDevice: 3, of: ["model": 1, "data": 4])
    let share = try await Checkpoint.load(from: directory("a"), as: request)
    #expect(try share[leaf: "w"].floats == [12, 13, 14, 15])
    #expect(try share[leaf: "b"].floats == [0, 1])
    #expect(try share[leaf: "layers/0"].floats == [0, 1])
    #expect(try share[leaf: "w"].shape == [1, 4])
  }

  @Test func equalSharesAreOfTheFirstDividedDimension() async throws {
    let saved = try await saved()
    let share = try await Checkpoint.load(
      from: directory("a"), as: try saved.abstract(onDevice: 1, of: 2))
    #expect(try share[leaf: "w"].floats == [8, 9, 10, 11, 12, 13, 14, 15])
    #expect(try share[leaf: "b"].floats == [0, 1])
  }

  @Test func anAxisOrDeviceThatIsMissingIsNamed() async throws {
    let saved = try await saved()
    let axis = failure { _ = try saved.abstract(onDevice: 0, of: ["data": 4]) }
    #expect(axis?.code.rawValue == "usage.device")
    #expect(axis?.location.treePath == "w")
    #expect(
      axis?.message
        == "the mesh has no axis \"model\", along which the array was divided; it has \"data\"")
    let device = failure { _ = try saved.abstract(onDevice: 4, of: ["data": 2, "model": 2]) }
    #expect(device?.message == "the mesh has no device 4; it has 0 to 3")
    #expect(
      failure { _ = try saved.abstract(onDevice: 2, of: 2) }?.message
        == "there is no device 2 of 2; there are 0 to 1")
  }
}
