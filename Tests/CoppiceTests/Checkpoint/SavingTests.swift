import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Saved trees load unchanged, and a failed save leaves nothing.
struct SavingTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func aSavedTreeIsLoaded() async throws {
    var generator = TreeGenerator(seed: 7)
    let tree = try generator.tree()
    try await Checkpoint.save(tree, to: directory("a"), options: .quick())
    let loaded = try await Checkpoint.load(from: directory("a"))
    #expect(loaded.difference(from: tree) == nil)
  }

  /// There are no more data files than arrays, whatever the option says.
  @Test(arguments: [(-1, 1), (0, 1), (1, 1), (2, 3), (9, 4)])
  func arraysAreSpreadOverFiles(_ dataFiles: Int, _ count: Int) async throws {
    let arrays = try (0..<3).map { try NDArray((0..<900).map { Float($0) } + [Float($0)]) }
    let tree: Tree<NDArray> = .list(arrays.map { .leaf($0) })
    let options = SaveOptions.quick { $0.dataFiles = dataFiles }
    try await Checkpoint.save(tree, to: directory("a"), options: options)
    let state = try DirectoryHandle(opening: directory("a/state"))
    let names = try state.entries().map(\.name).filter { $0.hasSuffix(".h5") }
    #expect(names.count == count)
    for name in names where count > 1 && name != "arrays.h5" {
      #expect(try state.open(name).byteCount > 3600)
    }
    #expect(try await Checkpoint.load(from: directory("a")).difference(from: tree) == nil)
  }

  @Test(arguments: [true, false]) func aSavedTreeIsLoadedCompressed(_ packs: Bool) async throws {
    let tree = try weights((0..<100_000).map { Float($0 / 7) })
    let options = SaveOptions.quick {
      $0.compression = .zstd(level: 1)
      $0.packsSmallArrays = packs
    }
    try await Checkpoint.save(tree, to: directory("a"), options: options)
    #expect(try await Checkpoint.load(from: directory("a")).difference(from: tree) == nil)
    let handle = try DirectoryHandle(opening: directory("a/state"))
    #expect(try handle.open("arrays.h5").byteCount < 200_000)
  }

  @Test func anExistingCheckpointStays() async throws {
    let (old, new) = (try weights([1]), try weights([2]))
    try await Checkpoint.save(old, to: directory("a"), options: .quick())
    let error = await fault { try await Checkpoint.save(new, to: directory("a")) }
    #expect(error?.code.rawValue == "operation.exists")
    #expect(try await Checkpoint.load(from: directory("a")).difference(from: old) == nil)
    let options = SaveOptions.quick { $0.target = .replacingExisting }
    try await Checkpoint.save(new, to: directory("a"), options: options)
    #expect(try await Checkpoint.load(from: directory("a")).difference(from: new) == nil)
  }

  @Test func onlyACheckpointIsReplaced() async throws {
    let options = SaveOptions.quick { $0.target = .replacingExisting }
    try await Checkpoint.save(try weights([1]), to: directory("a"), options: options)
    try OutputFile.create(directory("a/notes.txt"), holding: [1], durability: .buffered)
    try OutputDirectory.create(directory("b"))
    for name in ["a", "b", "a/notes.txt"] {
      let error = await fault {
        try await Checkpoint.save(try weights([2]), to: directory(name), options: options)
      }
      #expect(error?.code.rawValue == "operation.not-replaceable", "\(name)")
    }
    #expect(try DirectoryHandle(opening: directory("a")).hasFile("notes.txt"))
  }

  @Test func metadataAreKept() async throws {
    let options = SaveOptions.quick {
      $0.step = 12
      $0.metrics = ["loss": 0.25, "tags": ["a", .null]]
      $0.custom = ["run": "first"]
    }
    try await Checkpoint.save(try weights([1, 2]), to: directory("a"), options: options)
    let metadata = try await Checkpoint.metadata(at: directory("a"))
    #expect(metadata.step == 12)
    #expect(metadata.metrics?["loss"]?.double == 0.25)
    #expect(metadata.custom == ["run": "first"])
    #expect(metadata.initTime?.nanoseconds ?? 0 > 1_700_000_000_000_000_000)
    let leaf = try #require(metadata.content[TreePath([.key("w")])])
    guard case .leaf(let array) = leaf else { throw CoppiceError(.usageChoice, "no leaf") }
    #expect(array == ArrayMetadata(dtype: .float32, shape: try #require(Shape([2]))))
  }

  /// Listing reads no array data: it works without the file.
  @Test func metadataNeedNoArrays() async throws {
    try await Checkpoint.save(try weights([1, 2]), to: directory("a"), options: .quick())
    try OutputDirectory.remove(directory("a/state/arrays.h5"))
    let metadata = try await Checkpoint.metadata(at: directory("a"))
    #expect(metadata.content.leafCount == 1)
    let error = await fault { try await Checkpoint.load(from: directory("a")) }
    #expect(error?.code.rawValue == "directory.file-missing")
  }

  @Test func aBackgroundSaveEndsWhole() async throws {
    let tree = try weights([1, 2, 3])
    let save = Checkpoint.saveAsync(tree, to: directory("a"), options: .quick())
    try await save.result()
    #expect(save.isFinished)
    #expect(save.monitor.byteCount == save.monitor.expectedByteCount)
    #expect(try await Checkpoint.load(from: directory("a")).difference(from: tree) == nil)
  }

  @Test func aBackgroundSaveThrowsWhatWentWrong() async throws {
    try OutputFile.create(directory("file"), holding: [], durability: .buffered)
    let save = Checkpoint.saveAsync(try weights([1]), to: directory("file/a"))
    let error = await fault { try await save.result() }
    #expect(error?.code.rawValue.hasPrefix("io.") == true)
  }

  @Test(arguments: [Durability.durable, .buffered])
  func directoriesAboveAreMade(_ durability: Durability) async throws {
    let tree = try weights([1, 2])
    let options = SaveOptions.quick { $0.durability = durability }
    try await Checkpoint.save(tree, to: directory("runs/best/1"), options: options)
    try await Checkpoint.save(tree, to: directory("runs/best/2"), options: options)
    #expect(try await Checkpoint.load(from: directory("runs/best/2")) == tree)
    #expect(
      try DirectoryHandle(opening: directory("runs/best")).entries().map(\.name) == ["1", "2"])
  }

  /// An address is no path: nothing is made for it on the disk.
  @Test(arguments: ["gs://bucket/run", "s3://bucket", "https://example.org/a"])
  func addressesAreRefused(_ address: String) async throws {
    let (path, weights) = (FilePath(address), try weights([1]))
    let saving = await fault { try await Checkpoint.save(weights, to: path) }
    #expect(saving?.code.rawValue == "usage.address")
    #expect(saving?.location.file == address)
    let started = Checkpoint.saveAsync(weights, to: path)
    #expect(await fault { try await started.result() }?.code.rawValue == "usage.address")
    let loading = await fault { _ = try await Checkpoint.load(from: path) }
    #expect(loading?.code.rawValue == "usage.address")
    #expect(code { _ = try Checkpointer(path) } == "usage.address")
    #expect(!StagedOutput.exists(FilePath(String(address.prefix { $0 != "/" }))))
    // A directory of such a name is still a directory.
    let local = directory.path.pushing(path)
    try await Checkpoint.save(weights, to: local, options: .quick())
    #expect(try await Checkpoint.load(from: local) == weights)
  }

  /// A source that never ends before it is cancelled.
  @Test func aCancelledSaveLeavesNothing() async throws {
    let gate = CancelledByReading()
    let tree = Tree<ArrayLeaf>.dict([.init("w", .leaf(ArrayLeaf(gate)))])
    let save = try await Checkpoint.saveCheckpointablesAsync(
      ["state": tree], to: directory("a"), options: .quick())
    gate.cancelling(save)
    let error = await fault { try await save.result() }
    #expect(error?.code == .operationCancelled)
    #expect(try DirectoryHandle(opening: directory.path).entries().isEmpty)
  }

  /// Each of several tasks saves and loads its own: no deadlock, nothing mixed up.
  @Test func tasksSaveAndLoadAtOnce() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        let path = directory("task-\(task)")
        group.addTask {
          for round in 0..<4 {
            let tree = try weights([Float(task), Float(round)])
            let options = SaveOptions.quick { $0.target = .replacingExisting }
            try await Checkpoint.save(tree, to: path, options: options)
            #expect(try await Checkpoint.load(from: path).difference(from: tree) == nil)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
