import Coppice
import CoppiceFiles
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The example of Orbax's and JAX's documents: an (8, 2) array over a 4 × 2 mesh, saved and loaded by any numbers of
/// processes.
struct GroupExampleTests {
  static let shape = Shape([8, 2])!
  static let mesh = Sharding(
    axisNames: ["x", "y"], axisSizes: [4, 2], partition: [["x"], ["y"]], devices: Array(0..<8))
  static let other = Sharding(
    axisNames: ["x", "y"], axisSizes: [2, 4], partition: [["y"]], devices: Array((0..<8).reversed())
  )

  /// The element at a place, as NumPy's `arange(16).reshape(8, 2)` has it.
  static func element(_ place: [Int]) -> Float { Float(place[0] * 2 + place[1]) }

  /// Returns the elements of a box, made without the code of boxes.
  static func elements(_ box: ArrayBox) throws -> NDArray {
    try NDArray(
      (box.offset[0]..<box.end(0)).map { row in
        (box.offset[1]..<box.end(1)).map { element([row, $0]) }
      })
  }

  /// Returns the devices of a rank: the mesh's in order, about as many for each rank.
  static func devices(_ rank: Int, of count: Int) -> [Int] {
    (0..<8).filter { $0 * count / 8 == rank }
  }

  static func tree(_ rank: Int, of count: Int) throws -> Tree<GlobalArray> {
    var held: [Int: NDArray] = [:]
    for device in devices(rank, of: count) {
      held[device] = try elements(try mesh.box(of: shape, onDevice: device))
    }
    let array = try GlobalArray(dtype: .float32, shape: shape, sharding: mesh, devices: held)
    let bias = try NDArray([1, 2, 3] as [Int32])
    return .dict([
      .init("step", .value(.int(7))), .init("w", .leaf(array)),
      .init("b", .leaf(GlobalArray(bias))),
    ])
  }

  static func save(_ count: Int, to path: FilePath) async throws {
    try await run(count) { group in
      try await Checkpoint.save(try tree(group.rank, of: count), to: path, group: group)
    }
  }

  /// Runs a closure on each rank, none of which may throw.
  @discardableResult static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (LocalProcessGroup) async throws -> Value
  ) async throws -> [Value] {
    try await LocalProcessGroup.run(count: count, body).map { try $0.get() }
  }

  @Test(arguments: [1, 2, 4, 8])
  func whatRanksSaveIsOneCheckpoint(_ count: Int) async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Self.save(count, to: path)
    let found = try await Checkpoint.validate(at: path)
    #expect(found.diagnostics.map(\.fault.description) == [])
    let tree = try await Checkpoint.load(from: path)
    #expect(try tree[leaf: "w"] == Self.elements(ArrayBox(whole: Self.shape)))
    #expect(try tree[leaf: "b"] == NDArray([1, 2, 3] as [Int32]))
    #expect(tree["step"] == .value(.int(7)))
    let names = try DirectoryHandle(opening: path).allFiles().filter { $0.hasSuffix(".h5") }
    // Rank 0 has boxes too, and its file is the one that every tree has.
    #expect(names.count == count)
    #expect(try DirectoryHandle(opening: directory.path).entries().map(\.name) == ["c"])
  }

  @Test(arguments: [1, 2, 4, 8], [1, 2, 3, 4, 8])
  func anyNumberLoadsWhatAnyNumberSaved(_ savers: Int, _ loaders: Int) async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Self.save(savers, to: path)
    for sharding in [Self.mesh, Self.other] {
      let loaded = try await Self.run(loaders) { group in
        let devices = Self.devices(group.rank, of: loaders)
        return try await Checkpoint.load(
          from: path,
          as: .dict([
            .init("step", .leaf(.everything(.asSaved))),
            .init("w", .leaf(.sharded(sharding, devices: devices))),
            .init("b", .leaf(.everything(.asSaved))),
          ]), group: group)
      }
      for (rank, tree) in loaded.enumerated() {
        let array = try tree[leaf: "w"]
        let wanted = Set(
          try Self.devices(rank, of: loaders).map { try sharding.box(of: Self.shape, onDevice: $0) }
        )
        #expect(Set(array.boxes.map(\.box)) == wanted)
        for held in array.boxes { #expect(try held.array == Self.elements(held.box)) }
        #expect(try tree[leaf: "b"].boxes.first?.array == NDArray([1, 2, 3] as [Int32]))
        guard case .value(.int(7))? = tree["step"] else {
          Issue.record("the value is \(String(describing: tree["step"]))")
          return
        }
      }
    }
  }

  /// A request is met by what is saved: a value, a whole branch, or no box at all.
  @Test func requestsTakeWhatIsSaved() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Self.save(2, to: path)
    let trees = try await Self.run(2) { group in
      try await Checkpoint.load(
        from: path,
        as: .dict([
          .init("step", .value(.int(0))), .init("w", .leaf(.boxes([]))),
          .init("b", .leaf(.everything(.asSaved))),
        ]), group: group)
    }
    for tree in trees {
      guard case .value(.int(7))? = tree["step"] else {
        Issue.record("the value is \(String(describing: tree["step"]))")
        return
      }
      #expect(try tree[leaf: "w"].boxes.isEmpty)
      #expect(try tree[leaf: "w"].shape == Self.shape)
      #expect(try tree[leaf: "b"].boxes.first?.array == NDArray([1, 2, 3] as [Int32]))
    }
    let whole = try await Self.run(1) { group in
      try await Checkpoint.load(
        from: path, as: .leaf(.everything(.asSaved)) as Tree<GlobalRequest>, group: group)
    }
    #expect(
      try whole[0][leaf: "w"].boxes.first?.array == Self.elements(ArrayBox(whole: Self.shape)))
  }

  /// A rank may hold nothing, and several ranks the same box, which is written once.
  @Test func boxesAreGivenFreely() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let (top, bottom) = (
      ArrayBox(offset: [0, 0], shape: Shape([3, 2])!)!,
      ArrayBox(offset: [3, 0], shape: Shape([5, 2])!)!
    )
    let boxes = [[top], [], [bottom], [top, bottom]]
    try await Self.run(4) { group in
      let held = try boxes[group.rank].map { GlobalArray.HeldBox($0, try Self.elements($0)) }
      let array = try GlobalArray(dtype: .float32, shape: Self.shape, boxes: held)
      try await Checkpoint.save(.dict([.init("w", .leaf(array))]), to: path, group: group)
    }
    let found = try await Checkpoint.validate(at: path)
    #expect(found.diagnostics.map(\.fault.description) == [])
    let tree = try await Checkpoint.load(from: path)
    #expect(try tree[leaf: "w"] == Self.elements(ArrayBox(whole: Self.shape)))
  }

  @Test func eachRankAndRankZero() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Self.run(3) { group in
      try await Checkpoint.saveCheckpointables(
        [
          "state": try Self.tree(group.rank, of: 3),
          "config": JSON.object([.init("rank", .number("\(group.rank)"))]),
          "iterator": EachRank(JSON.number("\(group.rank)")),
        ], to: path, group: group)
    }
    #expect(try await Checkpoint.validate(at: path).diagnostics.map(\.fault.description) == [])
    let loaded = try await Checkpoint.loadCheckpointables(from: path)
    #expect(loaded["config"] as? JSON == .object([.init("rank", .number("0"))]))
  }

  /// An error of rank 0's own work names it.
  @Test func theErrorOfRankZeroNamesIt() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Self.save(2, to: path)
    let errors = try await Self.run(2) { group -> CoppiceError? in
      do throws(CoppiceError) {
        try await Checkpoint.save(
          .dict([.init("a", .leaf(try NDArray([1] as [Float])))]), to: path, group: group)
        return nil
      } catch {
        return error
      }
    }
    #expect(errors.map { $0?.code } == [.operationExists, .operationExists])
    #expect(errors.allSatisfy { $0?.message.hasPrefix("rank 0 of 2: ") == true })
  }

  /// A contradiction of any rank is one error on all, which names the ranks; nothing is left on disk.
  @Test func contradictionsNameTheRanks() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let errors = try await Self.run(4) { group -> CoppiceError? in
      var tree: Tree<NDArray> = .dict([.init("a", .leaf(try NDArray([1, 2] as [Float])))])
      if group.rank == 2 { tree = .dict([.init("b", .leaf(try NDArray([1, 2] as [Float])))]) }
      do throws(CoppiceError) {
        try await Checkpoint.save(tree, to: path, group: group)
        return nil
      } catch {
        return error
      }
    }
    #expect(errors.map { $0?.code } == Array(repeating: .structureMismatch, count: 4))
    #expect(errors.allSatisfy { $0?.message.contains("rank 2 of 4") == true })
    #expect(try DirectoryHandle(opening: directory.path).entries().isEmpty)
  }

  @Test(arguments: [
    // An overlap, and a gap.
    ([[0, 3], [2, 6]], "overlaps"), ([[0, 3], [4, 4]], "no rank holds"),
  ])
  func boxesThatAreNoGridAreRefused(_ rows: [[Int]], _ word: String) async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let errors = try await Self.run(2) { group -> CoppiceError? in
      let box = ArrayBox(
        offset: [rows[group.rank][0], 0], shape: Shape([rows[group.rank][1], 2])!)!
      do throws(CoppiceError) {
        let held = GlobalArray.HeldBox(box, try NDArray.zeros(.float32, shape: box.shape))
        let array = try GlobalArray(dtype: .float32, shape: Self.shape, boxes: [held])
        try await Checkpoint.save(.dict([.init("w", .leaf(array))]), to: path, group: group)
        return nil
      } catch {
        return error
      }
    }
    #expect(errors.map { $0?.code } == [.shardingBadShards, .shardingBadShards])
    #expect(errors.allSatisfy { $0?.location.treePath == "w" })
    #expect(try DirectoryHandle(opening: directory.path).entries().isEmpty)
  }
}
