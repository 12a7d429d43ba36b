import Coppice

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Holds what saving and loading cost to bounds: bytes moved, system calls, allocations and memory,
/// which are the same on every machine, unlike seconds. Allocations are those of builds for debugging,
/// where more things lie on the heap.
///
///     Costs DIRECTORY
///
/// The exit status is 1 when something costs more than it may.
@main
enum Costs {
  static func main() async {
    guard CommandLine.arguments.count == 2, let directory = CommandLine.arguments.last else {
      print("usage: Costs DIRECTORY")
      exit(2)
    }
    guard Counters.now() != nil else {
      print("this system has no counts of a process; nothing was checked")
      return
    }
    do {
      let home = FilePath(directory)
      let isFine = [
        try await manyLeaves(home.appending("many")),
        try await largeArrays(home.appending("large")),
        try await middleArrays(home.appending("middle")),
        try await steps(home.appending("steps")),
        try await separable(home.appending("separable")),
        try await ranks(home.appending("ranks")),
      ].allSatisfy(\.self)
      exit(isFine ? 0 : 1)
    } catch {
      print("\(error)")
      exit(2)
    }
  }

  private static func fileSize(_ path: FilePath) -> Int {
    var status = stat()
    return stat(path.string, &status) == 0 ? Int(status.st_size) : 0
  }

  /// 20,000 arrays of a kibibyte.
  private static func manyLeaves(_ path: FilePath) async throws -> Bool {
    let count = 20_000
    let bytes = [UInt8](repeating: 7, count: 1024)
    guard let shape = Shape([16, 16]) else { return false }
    var groups: [Tree<NDArray>.Entry] = []
    for group in 0..<100 {
      let leaves = try (0..<(count / 100)).map { index in
        Tree<NDArray>.Entry(
          .string("p_\(index)"), .leaf(try NDArray(dtype: .float32, shape: shape, bytes: bytes)))
      }
      groups.append(.init(.string("layer_\(group)"), .dict(leaves)))
    }
    let tree = Tree<NDArray>.dict(groups)

    var (_, save) = try await Measurement.of("save 20,000 leaves") {
      try await Checkpoint.save(tree, to: path)
    }
    let document = fileSize(path.appending("state/tree.json"))
    let root = fileSize(path.appending("coppice.json"))
    let files = fileSize(path.appending("state/arrays.h5")) + document + root
    // Every byte once: what HDF5 writes of its own structures, it writes in few pieces.
    save.check("bytes written", \.bytesWritten, atMost: files + 4096)
    save.check("bytes read", \.bytesRead, atMost: files - count * 1024)
    save.check("calls that write", \.writeCalls, atMost: 40)
    save.check("allocations", \.allocations, atMost: 75 * count)

    var (metadata, list) = try await Measurement.of("list 20,000 leaves") {
      try await Checkpoint.metadata(at: path)
    }
    list.check("bytes read", \.bytesRead, atMost: document + root)
    list.check("calls that read", \.readCalls, atMost: 4)
    list.check("allocations", \.allocations, atMost: 8 * count)

    let part = Tree<AbstractLeaf>.dict([.init("layer_7", .dict([.init("p_3", .leaf(.asSaved))]))])
    var options = TreeLoadOptions()
    options.unexpected = .ignore
    let (loaded, one) = try await Measurement.of("load one of 20,000 leaves") {
      try await Checkpoint.load(from: path, as: part, options: options)
    }
    var single = one
    single.check("bytes read", \.bytesRead, atMost: document + root + 1024)
    single.check("calls that read", \.readCalls, atMost: 5)
    single.check("allocations", \.allocations, atMost: 6 * count)

    var (all, load) = try await Measurement.of("load 20,000 leaves") {
      try await Checkpoint.load(from: path)
    }
    load.check("bytes read", \.bytesRead, atMost: document + root + count * 1024)
    load.check("calls that read", \.readCalls, atMost: 20)
    load.check("allocations", \.allocations, atMost: 26 * count)

    let isRight =
      metadata.content.leafCount == count && loaded.leafCount == 1 && all.leafCount == count
    return isRight && [save, list, single, load].allSatisfy(\.isWithinBounds)
  }

  /// Loading a JSON value beside a tree of 20,000 leaves doesn't read the tree, and the other way
  /// round.
  private static func separable(_ path: FilePath) async throws -> Bool {
    let count = 20_000
    let bytes = [UInt8](repeating: 3, count: 64)
    guard let shape = Shape([16]) else { return false }
    let leaves = try (0..<count).map { index in
      Tree<NDArray>.Entry(
        .string("p_\(index)"), .leaf(try NDArray(dtype: .float32, shape: shape, bytes: bytes)))
    }
    try await Checkpoint.saveCheckpointables(
      [
        "state": Tree<NDArray>.dict(leaves), "notes": JSON.string("x"),
        "ema": Tree<NDArray>.dict([]),
      ],
      to: path)
    let root = fileSize(path.appending("coppice.json"))
    var (notes, one) = try await Measurement.of("load a JSON value beside 20,000 leaves") {
      try await Checkpoint.loadCheckpointables(["notes": nil], from: path)
    }
    one.check("bytes read", \.bytesRead, atMost: root + fileSize(path.appending("notes/data.json")))
    one.check("calls that read", \.readCalls, atMost: 4)
    one.check("allocations", \.allocations, atMost: 3500)
    var (ema, other) = try await Measurement.of("load an empty tree beside 20,000 leaves") {
      try await Checkpoint.load(from: path, name: "ema")
    }
    other.check("bytes read", \.bytesRead, atMost: root + fileSize(path.appending("ema/tree.json")))
    other.check("allocations", \.allocations, atMost: 3500)
    return notes.names == ["notes"] && ema.leafCount == 0
      && [one, other].allSatisfy(\.isWithinBounds)
  }

  /// Four arrays of 32 MiB.
  private static func largeArrays(_ path: FilePath) async throws -> Bool {
    let total = 128 << 20
    guard let shape = Shape([total / 16]) else { return false }
    let leaves = try (0..<4).map { index in
      Tree<NDArray>.Entry(
        .string("w\(index)"), .leaf(try NDArray(dtype: .float32, shape: shape) { _ in }))
    }
    let tree = Tree<NDArray>.dict(leaves)
    var (_, save) = try await Measurement.of("save 128 MiB") {
      try await Checkpoint.save(tree, to: path)
    }
    save.check("bytes written", \.bytesWritten, atMost: total + (64 << 10))
    save.check("bytes read", \.bytesRead, atMost: 256 << 10)
    save.check("calls that write", \.writeCalls, atMost: 60)
    save.checkMemory(atMost: 64 << 20)

    var (loaded, load) = try await Measurement.of("load 128 MiB") {
      try await Checkpoint.load(from: path)
    }
    load.check("bytes read", \.bytesRead, atMost: total + (64 << 10))
    load.checkMemory(atMost: total / 100 * 105)

    // Rows in the middle of an array: the pieces that hold them, the first and last in part.
    guard let rows = ArrayBox(offset: [3_000_000], shape: Shape([1 << 20])!) else {
      return false
    }
    var options = TreeLoadOptions()
    options.unexpected = .ignore
    let (slab, part) = try await Measurement.of("load 4 MiB of an array of 32 MiB") {
      try await Checkpoint.load(
        from: path, as: .dict([.init("w2", .leaf(.box(rows)))]), options: options)
    }
    var box = part
    box.check("bytes read", \.bytesRead, atMost: (5 << 20) + (64 << 10))
    box.check("calls that read", \.readCalls, atMost: 40)
    return loaded.leafCount == 4 && slab.leafCount == 1
      && [save, load, box].allSatisfy(\.isWithinBounds)
  }

  /// A hundred arrays of 1.3 MB in shared mappings.
  ///
  /// The mappings hold little more than the arrays, and the memory of released arrays returns to
  /// the system although a neighbour stays.
  private static func middleArrays(_ path: FilePath) async throws -> Bool {
    let (count, bytes) = (100, 1_300_000)
    guard let shape = Shape([bytes / 4]) else { return false }
    let leaves = try (0..<count).map { index in
      Tree<NDArray>.Entry(
        .string("w\(index)"), .leaf(try NDArray(dtype: .float32, shape: shape) { _ in }))
    }
    try await Checkpoint.save(Tree<NDArray>.dict(leaves), to: path)

    var (loaded, load) = try await Measurement.of("load 100 arrays of 1.3 MB") {
      try await Checkpoint.load(from: path)
    }
    load.checkMemory(atMost: count * bytes / 100 * 105)

    let before = Counters.memory("VmRSS:")
    let one = loaded.leaves.first
    loaded = .dict([])
    let freed = before - Counters.memory("VmRSS:")
    let isFreed = freed >= count * bytes / 100 * 95
    print(
      "\(isFreed ? "ok  " : "OVER") let go of 99 of 100 arrays: \(freed) bytes of memory are back")
    return one != nil && isFreed && load.isWithinBounds
  }

  /// A run of steps whose arrays are large: listing them reads none.
  private static func steps(_ path: FilePath) async throws -> Bool {
    guard let shape = Shape([1 << 20]) else { return false }
    let tree = Tree<NDArray>.dict([
      .init("w", .leaf(try NDArray(dtype: .float32, shape: shape) { _ in }))
    ])
    let saver = try Checkpointer(path)
    for step in 1...8 { try await saver.save(step: step, tree).get() }
    try await saver.close()
    var (found, list) = try await Measurement.of("list 8 steps of 4 MiB") {
      let checkpointer = try Checkpointer(path, options: .readOnly())
      let steps = checkpointer.checkpoints
      try await checkpointer.close()
      return steps.count
    }
    list.check("bytes read", \.bytesRead, atMost: 8 * 4096)
    return found == 8 && list.isWithinBounds
  }

  /// A rank of four reads the documents, the indexes that it needs and its boxes; what all request whole is read once
  /// where it is broadcast, and its documents by each.
  private static func ranks(_ path: FilePath) async throws -> Bool {
    let total = 64 << 20
    guard let shape = Shape([4096, total / 4096 / 4]) else { return false }
    let mesh = Sharding(axisNames: ["x"], axisSizes: [4], partition: [["x"]])
    try await onFourRanks { group in
      let box = try mesh.box(of: shape, onDevice: group.rank)
      let array = try GlobalArray(
        dtype: .float32, shape: shape, sharding: mesh,
        devices: [group.rank: try NDArray.full(Float(group.rank), shape: box.shape)])
      try await Checkpoint.save(["w": .leaf(array)], to: path, group: group)
    }
    let documents =
      fileSize(path.appending("coppice.json")) + fileSize(path.appending("state/tree.json"))
    let index = fileSize(path.appending("state/arrays.1.json"))

    var (_, own) = try await Measurement.of("load the boxes of rank 2 of 4") {
      try await onFourRanks { group in
        let devices = group.rank == 2 ? [2] : []
        _ = try await Checkpoint.load(
          from: path, as: ["w": .leaf(.sharded(mesh, devices: devices))], group: group)
      }
    }
    own.check("bytes read", \.bytesRead, atMost: total / 4 + 4 * documents + 2 * index)

    var (_, all) = try await Measurement.of("load the boxes of all 4 ranks") {
      try await onFourRanks { group in
        _ = try await Checkpoint.load(
          from: path, as: ["w": .leaf(.sharded(mesh, devices: [group.rank]))], group: group)
      }
    }
    all.check("bytes read", \.bytesRead, atMost: total + 4 * documents + 4 * 2 * index)

    var (_, each) = try await Measurement.of("load everything on each of 4 ranks") {
      try await onFourRanks { group in
        _ = try await Checkpoint.load(from: path, replicated: .byEach, group: group)
      }
    }
    each.check("bytes read", \.bytesRead, atMost: 4 * (total + documents + 4 * index))

    var (_, once) = try await Measurement.of("load everything on 4 ranks by a broadcast") {
      try await onFourRanks { group in
        _ = try await Checkpoint.load(from: path, replicated: .broadcast, group: group)
      }
    }
    once.check("bytes read", \.bytesRead, atMost: total + 4 * documents + 4 * index)
    return [own, all, each, once].allSatisfy(\.isWithinBounds)
  }

  private static func onFourRanks(
    _ body: @escaping @Sendable (LocalProcessGroup) async throws -> Void
  ) async throws {
    for outcome in await LocalProcessGroup.run(count: 4, body) { try outcome.get() }
  }
}
