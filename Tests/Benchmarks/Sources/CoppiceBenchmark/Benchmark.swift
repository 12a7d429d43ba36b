import BenchmarkMachine
import Coppice

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs operations on a workload and prints a JSON line for each.
///
/// The operations and the lines are those of the benchmark of other libraries, `peers.py`.
struct Benchmark {
  let arguments: Arguments
  let workload: Workload
  let home: String

  private struct Mismatch: Error { var path: String }

  init(_ arguments: Arguments, _ workload: Workload) {
    self.arguments = arguments
    self.workload = workload
    home = arguments.directory + "/coppice_" + workload.name
  }

  private var options: SaveOptions {
    var options = SaveOptions()
    if let level = workload.zstdLevel { options.compression = .zstd(level: level) }
    if let boxes = workload.boxes { options.shards = { _, _ in boxes } }
    return options
  }

  func run() async throws {
    Disk.makeFresh(home)
    try await warmUp()
    let source = try SourceData(workload)
    let tree = source.tree
    if let count = workload.stepCount {
      try await list(count, tree)
      Disk.remove(home)
      return
    }
    for round in 0..<arguments.runs {
      try await save(tree)
      try await load(source, isFirst: round == 0)
      try await loadPart(source)
      if arguments.includes("metadata") {
        let found = try await measure("metadata", warming: 64 << 20, bytes: workload.byteCount) {
          try await Checkpoint.metadata(at: checkpoint)
        }
        guard found.content.leafCount == workload.leaves.count else { throw Mismatch(path: "") }
      }
    }
    Disk.remove(home)
  }

  /// Pages in the code and initialises the library, with a tiny tree.
  private func warmUp() async throws {
    guard let tiny = Workload("tiny") else { return }
    let path = FilePath(home + "/tiny")
    try await Checkpoint.save(try SourceData(tiny).tree, to: path)
    _ = try await Checkpoint.load(from: path)
    _ = try await Checkpoint.metadata(at: path)
    Disk.remove(home + "/tiny")
  }

  /// Makes a run of steps and lists it.
  private func list(_ count: Int, _ tree: Tree<NDArray>) async throws {
    var saving = CheckpointerOptions()
    saving.storage.durability = .buffered
    let root = FilePath(directory)
    let saver = try Checkpointer(root, options: saving)
    for step in 1...count { try await saver.save(step: step, tree).get() }
    try await saver.close()
    for _ in 0..<arguments.runs {
      let found = try await measure("list", warming: 64 << 20, bytes: workload.byteCount * count) {
        let reader = try Checkpointer(root, options: .readOnly())
        let steps = reader.checkpoints.count
        try await reader.close()
        return steps
      }
      guard found == count else { throw Mismatch(path: "") }
    }
  }

  private var directory: String { home + "/c" }
  private var checkpoint: FilePath { FilePath(directory + "/ck") }

  private func save(_ tree: Tree<NDArray>) async throws {
    let bytes = workload.byteCount
    if arguments.includes("async") {
      Disk.makeFresh(directory)
      Disk.rest()
      let clock = begin(need)
      let operation = Checkpoint.saveAsync(tree, to: checkpoint, options: options)
      let blocked = Machine.now() - clock.start
      try await operation.result()
      let total = Machine.now() - clock.start
      emit("save_async_blocking", blocked, bytes, clock)
      emit("save_async_total", total, bytes, clock)
    }
    for name in ["save", "save_two_files"] where arguments.includes(name) {
      var quick = options
      quick.durability = .buffered
      if name == "save_two_files" { quick.dataFiles = 2 }
      Disk.makeFresh(directory)
      Disk.rest()
      try await measure(name, warming: need, bytes: bytes) {
        try await Checkpoint.save(tree, to: checkpoint, options: quick)
      }
      // Loads use the checkpoint of a save with default options.
      Disk.makeFresh(directory)
    }
    if arguments.includes("save") || arguments.includes("save_durable") {
      Disk.makeFresh(directory)
      Disk.rest()
      try await measure("save_durable", warming: need, bytes: bytes) {
        try await Checkpoint.save(tree, to: checkpoint, options: options)
      }
    } else if access(checkpoint.string, F_OK) != 0 {
      Disk.makeFresh(directory)
      try await Checkpoint.save(tree, to: checkpoint, options: options)
    }
  }

  private func load(_ source: SourceData, isFirst: Bool) async throws {
    let bytes = workload.byteCount
    let names = ["load", "load_unverified", "load_cold", "load_cold_unverified"]
    guard names.contains(where: arguments.includes) else { return }
    // A durable save may bypass the page cache; this load fills it, so that the measured loads are
    // warm.
    let first = try await Checkpoint.load(from: checkpoint)
    if isFirst, arguments.isVerifying { try check(first, source) }
    for name in names where arguments.includes(name) {
      var opening = OpenOptions()
      opening.verifiesDigests = !name.hasSuffix("unverified")
      if name.contains("cold") {
        Disk.drop(directory)
        Disk.rest()
      }
      let loaded = try await measure(name, warming: need, bytes: bytes) {
        try await Checkpoint.load(from: checkpoint, opening: opening)
      }
      guard loaded.leafCount == workload.leaves.count else { throw Mismatch(path: name) }
    }
  }

  private func loadPart(_ source: SourceData) async throws {
    let bytes = workload.partBytes
    for name in ["partial", "partial_unverified", "partial_cold"] where arguments.includes(name) {
      var opening = OpenOptions()
      opening.verifiesDigests = !name.hasSuffix("unverified")
      let load = { () async throws -> NDArray in
        try await loadPartOnce(opening)
      }
      if name == "partial_cold" { Disk.drop(directory) } else { _ = try await load() }
      let array = try await measure(name, warming: max(64 << 20, 3 * bytes), bytes: bytes, load)
      guard source.hasSamePart(array) else { throw Mismatch(path: name) }
    }
  }

  /// Opens the checkpoint and reads one array, or some rows of it.
  private func loadPartOnce(_ opening: OpenOptions) async throws -> NDArray {
    let leaf = workload.leaves[workload.part.leaf]
    var wanted = AbstractLeaf.asSaved
    if let rows = workload.part.rows,
      let shape = Shape([rows] + leaf.shape.dropFirst()),
      let box = ArrayBox(offset: leaf.shape.map { _ in 0 }, shape: shape)
    {
      wanted = .box(box)
    }
    var abstract = Tree<AbstractLeaf>.leaf(wanted)
    for key in leaf.path.reversed() { abstract = .dict([.init(.string(key), abstract)]) }
    var options = TreeLoadOptions()
    options.unexpected = .ignore
    let tree = try await Checkpoint.load(
      from: checkpoint, as: abstract, options: options, opening: opening)
    guard let array = tree.leaves.first?.leaf else { throw Mismatch(path: "part") }
    return array
  }

  private func check(_ tree: Tree<NDArray>, _ source: SourceData) throws {
    for (path, array) in tree.leaves {
      guard source.hasSame(array, at: path) else { throw Mismatch(path: path.description) }
    }
  }
}

extension Benchmark {
  /// The memory that is touched before operations on the whole tree.
  private var need: Int { min(7 << 30, workload.byteCount * 11 / 5 + (256 << 20)) }

  struct Clock {
    var memory: Double
    var processor: Double
    var start: Double
  }

  private func begin(_ bytes: Int) -> Clock {
    sync()
    Machine.warm(bytes)
    Machine.resetPeak()
    let memory = Machine.memory("VmRSS:")
    let processor = Machine.processorTime()
    return Clock(memory: memory, processor: processor, start: Machine.now())
  }

  @discardableResult
  private func measure<Result>(
    _ name: String, warming: Int, bytes: Int, _ body: () async throws -> Result
  ) async throws -> Result {
    let clock = begin(warming)
    let result = try await body()
    let seconds = Machine.now() - clock.start
    emit(name, seconds, bytes, clock)
    return result
  }

  private func emit(_ name: String, _ seconds: Double, _ bytes: Int, _ clock: Clock) {
    let processor = Machine.processorTime() - clock.processor
    let peak = Machine.memory("VmHWM:")
    let files = Disk.list(directory).files
    let members: [(String, String)] = [
      ("peer", "\"coppice\""), ("workload", "\"\(workload.name)\""), ("op", "\"\(name)\""),
      ("seconds", "\(seconds)"), ("cpu_seconds", "\(processor)"),
      ("bytes_on_disk", "\(Disk.byteCount(files))"), ("files", "\(files.count)"),
      ("peak_rss_mb", "\(peak)"), ("extra_rss_mb", "\(peak - clock.memory)"),
      ("gbps", "\(Double(bytes) / seconds / 1e9)"), ("bytes", "\(bytes)"),
      ("fsyncs", name == "save" ? "false" : "true"),
    ]
    print("{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
    fflush(nil)
  }
}
