public import Coppice

/// The programs of the article on many processes, as they stand there.
public enum ManyProcesses {
  /// Saves one checkpoint below a directory, then trains in a run there, is started again, and trains on; throws where
  /// numbers aren't those that the programs state.
  public static func run(_ group: any ProcessGroup, in directory: FilePath) async throws {
    let rows = try await program(group, directory.appending("checkpoint"))
    try expect(rows, Float(group.rank), group)
    for last in [3, 6] {
      let rows = try await train(group, directory.appending("run"))
      try expect(rows, Float(last * 10 + group.rank), group)
    }
  }

  private static func expect(
    _ rows: NDArray, _ number: Float, _ group: any ProcessGroup
  ) throws {
    let count = 8 / group.count
    guard try rows == NDArray(Array(repeating: [number, number], count: count)) else {
      throw CoppiceError(.usageShape, "rank \(group.rank) has \(rows) in place of \(number)")
    }
  }
}

/// Trains a little on each rank, saves together, and loads what this rank held.
func program(_ group: any ProcessGroup, _ path: FilePath) async throws -> NDArray {
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

/// Goes on where the run stopped, and saves each of three steps while the next one is trained.
func train(_ group: any ProcessGroup, _ path: FilePath) async throws -> NDArray {
  let shape: Shape = [8, 2]
  let mesh = Sharding(axisNames: ["x"], axisSizes: [group.count], partition: [["x"]])
  var rows = try NDArray.zeros(
    .float32, shape: try mesh.box(of: shape, onDevice: group.rank).shape)

  let options = CheckpointerOptions(preservation: .latest(2))
  let run = try await Checkpointer(path, options: options, group: group)
  if run.latest != nil {
    let loaded = try await run.load(as: ["w": .leaf(.sharded(mesh, devices: [group.rank]))])
    rows = try loaded[leaf: "w"].boxes[0].array
  }
  let start = run.latest.map { $0.step + 1 } ?? 1
  for step in start..<start + 3 {
    rows = try NDArray.full(Float(step * 10 + group.rank), shape: rows.shape)
    let weights = try GlobalArray(
      dtype: .float32, shape: shape, sharding: mesh, devices: [group.rank: rows])
    try await run.saveAsync(
      step: step, ["w": .leaf(weights)], metrics: ["loss": .float(1 / Double(step))]
    ).get()
  }
  try await run.close()
  return rows
}
