import Coppice
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// The article *Saving a checkpoint*: its code runs here, line by line.
struct SavingArticleTests {
  /// Where a program is in its data.
  final class Position: StatefulCheckpointable {
    let line = Mutex(0)

    func save() async throws -> Checkpointable {
      .json(["line": .integer(line.withLock { $0 })])
    }

    func load(from stored: Checkpointable) async throws {
      guard case .json(let json) = stored, let found = json["line"]?.double else { return }
      line.withLock { $0 = Int(found) }
    }
  }

  @Test func theCodeRuns() async throws {
    let directory = try TemporaryDirectory()
    let (path, other) = (directory("a"), directory("b"))
    let (bundle, later) = (directory("c"), directory("d"))
    let position = Position()
    position.line.withLock { $0 = 120 }

    let weights: Tree<NDArray> = [
      "kernel": .array([[1, 2], [3, 4]] as [[Float]]),
      "bias": .array([0.5, -0.5] as [Float]),
      "step": 12,
    ]
    try await Checkpoint.save(weights, to: path)
    #expect(try await Checkpoint.load(from: path) == weights)

    try await Checkpoint.save(weights, to: path, options: .init(target: .replacingExisting))

    var options = SaveOptions(step: 12, metrics: ["loss": 0.25], custom: ["seed": 7])
    options.compression = .zstd(level: 3)
    options.leaves["kernel"] = LeafStorage(dtype: .bfloat16, compression: .uncompressed)
    try await Checkpoint.save(weights, to: other, options: options)

    #expect(try await Checkpoint.metadata(at: other).content[leaf: "kernel"].dtype == .bfloat16)

    try await Checkpoint.saveCheckpointables(
      ["model": weights, "dataset": position, "notes": ["epoch": 3] as JSON], to: bundle)
    let parts = try await Checkpoint.loadCheckpointables(["notes": nil], from: bundle)
    let notes: JSON = try parts.value("notes")
    #expect(notes == ["epoch": 3])

    let fresh = Position()
    _ = try await Checkpoint.loadCheckpointables(["dataset": fresh], from: bundle)
    #expect(fresh.line.withLock { $0 } == 120)

    let save = Checkpoint.saveAsync(weights, to: later)
    print("saved", save.monitor.byteCount, "of", save.monitor.expectedByteCount)
    try await save.result()

    let metadata = try await Checkpoint.metadata(at: other)
    for (path, array) in metadata.content.leaves { print(path, array.dtype, array.shape) }
    if let loss = metadata.metrics?["loss"]?.double { print("loss", loss) }
    #expect(metadata.metrics == ["loss": 0.25])
    #expect(metadata.step == 12)
  }

  @Test func shardingsAreRecordedAgain() async throws {
    let directory = try TemporaryDirectory()
    let (path, copy) = (directory("a"), directory("b"))
    let sharding = Sharding(axisNames: ["x"], axisSizes: [2], partition: [["x"]])
    let leaf = ArrayLeaf(try NDArray([1, 2] as [Float]), sharding: sharding)
    try await Checkpoint.saveCheckpointables(["state": ["w": .leaf(leaf)] as Tree], to: path)

    let saved = try await Checkpoint.metadata(at: path).content
    let tree = try await Checkpoint.load(from: path)
    try await Checkpoint.save(tree, to: copy, options: .init(storage: .init(like: saved)))
    #expect(try await Checkpoint.metadata(at: copy).content[leaf: "w"].sharding == sharding)
  }

  @Test func theCodeIsThatOfTheArticle() throws {
    let strays = try ArticleCode.strays(
      of: "SavingACheckpoint.md", from: FilePath(#filePath), minimum: 7)
    #expect(strays == [])
  }
}
