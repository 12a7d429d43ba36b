import Coppice
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The program of the article on many processes, as it stands there.
struct ManyProcessesTests {
  /// Trains a little on each rank, saves together, and loads what this rank held.
  private func program(_ group: any ProcessGroup, _ path: FilePath) async throws -> NDArray {
    // 8 × 2 elements, divided by rows over as many devices as there are ranks.
    let shape: Shape = [8, 2]
    let mesh = Sharding(axisNames: ["x"], axisSizes: [group.count], partition: [["x"]])
    let box = try mesh.box(of: shape, onDevice: group.rank)
    let rows = try NDArray.full(Float(group.rank), shape: box.shape)
    let weights = try GlobalArray(
      dtype: .float32, shape: shape, sharding: mesh, devices: [group.rank: rows])
    let bias = GlobalArray(try NDArray([0.5, 1] as [Float]))

    try await Checkpoint.save(
      ["params": ["w": .leaf(weights), "b": .leaf(bias)], "step": 1000], to: path, group: group)

    let loaded = try await Checkpoint.load(
      from: path,
      as: [
        "params": [
          "w": .leaf(.sharded(mesh, devices: [group.rank])), "b": .leaf(.everything(.asSaved)),
        ], "step": .leaf(.everything(.asSaved)),
      ], group: group)
    return try loaded[leaf: "params/w"].boxes[0].array
  }

  @Test(arguments: [1, 2, 4])
  func theProgramRuns(_ count: Int) async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let results = await LocalProcessGroup.run(count: count) { group in
      try await program(group, path)
    }
    for (rank, result) in results.enumerated() {
      let rows = Array(repeating: [Float(rank), Float(rank)], count: 8 / count)
      #expect(try result.get() == NDArray(rows))
    }
  }
}
