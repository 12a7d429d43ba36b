#if MPI
  import Coppice
  import CoppiceMPI

  /// The example of Orbax's and JAX's documents: an (8, 2) array over a 4 × 2 mesh, beside an array that is the same on
  /// all ranks, and a value.
  enum Example {
    static let shape = Shape([8, 2])!
    static let mesh = Sharding(
      axisNames: ["x", "y"], axisSizes: [4, 2], partition: [["x"], ["y"]], devices: Array(0..<8))
    static let other = Sharding(
      axisNames: ["x", "y"], axisSizes: [2, 4], partition: [["y"]], devices: (0..<8).reversed())
    static let bias = [1, 2, 3] as [Int32]

    /// Returns the elements of a box, those of NumPy's `arange(16).reshape(8, 2)` with a number added to each.
    static func elements(_ box: ArrayBox, adding number: Float = 0) throws -> NDArray {
      try NDArray(
        (0..<box.shape.dimensions[0]).map { row in
          (0..<box.shape.dimensions[1]).map { column in
            Float((box.offset[0] + row) * 2 + box.offset[1] + column) + number
          }
        })
    }

    /// Returns the devices of a rank: the mesh's in order, about as many for each rank.
    static func devices(_ group: MPIProcessGroup) -> [Int] {
      (0..<8).filter { $0 * group.count / 8 == group.rank }
    }

    static func tree(_ group: MPIProcessGroup, adding number: Float = 0) throws -> Tree<GlobalArray>
    {
      var held: [Int: NDArray] = [:]
      for device in devices(group) {
        held[device] = try elements(mesh.box(of: shape, onDevice: device), adding: number)
      }
      let array = try GlobalArray(dtype: .float32, shape: shape, sharding: mesh, devices: held)
      return .dict([
        .init("step", .value(.int(7))), .init("w", .leaf(array)),
        .init("b", .leaf(GlobalArray(try NDArray(bias)))),
      ])
    }

    static func request(_ group: MPIProcessGroup, _ sharding: Sharding) -> Tree<GlobalRequest> {
      .dict([
        .init("step", .leaf(.everything(.asSaved))),
        .init("w", .leaf(.sharded(sharding, devices: devices(group)))),
        .init("b", .leaf(.everything(.asSaved))),
      ])
    }

    static func save(to path: String, _ group: MPIProcessGroup) async throws {
      try await Checkpoint.save(
        tree(group), to: path, options: SaveOptions(target: .replacingExisting), group: group,
        waitLimit: .seconds(60))
    }

    /// Loads with the sharding that was saved and with another one, and compares with the known numbers.
    static func load(from path: String, _ group: MPIProcessGroup) async throws {
      for sharding in [mesh, other] {
        let tree = try await Checkpoint.load(
          from: path, as: request(group, sharding), group: group, waitLimit: .seconds(60))
        let held = try tree[leaf: "w"].boxes
        let wanted = try devices(group).map { try sharding.box(of: shape, onDevice: $0) }
        try expect(Set(held.map(\.box)) == Set(wanted), "boxes \(held.map(\.box))")
        for part in held { try expect(part.array == elements(part.box), "box \(part.box)") }
        let bias = try tree[leaf: "b"].boxes
        try expect(bias.count == 1 && bias[0].array == NDArray(Self.bias), "b")
        guard case .value(.int(7))? = tree["step"] else {
          throw Exercise.Failure(text: "wrong: step")
        }
      }
      MPIProgram.say("rank \(group.rank) has its boxes")
    }

    private static func expect(_ isTrue: Bool, _ what: String) throws {
      if !isTrue { throw Exercise.Failure(text: "wrong: \(what)") }
    }
  }
#endif
