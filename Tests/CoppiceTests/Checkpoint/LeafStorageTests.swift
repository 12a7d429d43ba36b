import Coppice
import CoppiceFiles
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import Testing

/// The storage of leaves is chosen by pattern.
struct LeafStorageTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private let tree: Tree<NDArray> = [
    "params": ["w": .array([1, 1.001] as [Float]), "b": .array([0.5] as [Float])],
    "opt": ["mu": .array([3, 4] as [Double])],
    "step": 7,
  ]

  private func save(
    _ leaves: NamedValues<LeafStorage>, _ tree: Tree<NDArray>? = nil
  ) async throws -> Tree<NDArray> {
    let options = SaveOptions.quick { $0.leaves = leaves }
    try await Checkpoint.save(tree ?? self.tree, to: directory("a"), options: options)
    return try await Checkpoint.load(from: directory("a"))
  }

  @Test func leavesAreCast() async throws {
    var leaves: NamedValues<LeafStorage> = [:]
    leaves["params"] = .init(dtype: .bfloat16)
    // A later pattern replaces what an earlier one says.
    leaves["**/b"] = LeafStorage(dtype: .float16)
    let loaded = try await save(leaves)
    // 1.001 is nearer to 1 than to 1.0078125, the next bfloat16: 0x3F80.
    #expect(try loaded[leaf: "params/w"].dtype == .bfloat16)
    #expect(try loaded[leaf: "params/w"].bytes == [0x80, 0x3F, 0x80, 0x3F])
    // 0.5 is 0x3800.
    #expect(try loaded[leaf: "params/b"].dtype == .float16)
    #expect(try loaded[leaf: "params/b"].bytes == [0x00, 0x38])
    #expect(loaded["opt"] == tree["opt"])
    #expect(loaded["step"] == tree["step"])
  }

  @Test func castsFollowTheirMode() async throws {
    let error = await fault {
      try await save(["params/w": LeafStorage(dtype: .bfloat16, castMode: .exact)])
    }
    #expect(error?.code == .castInexact)
    #expect(error?.location.treePath == "params/w")
    let unsupported = await fault { try await save(["opt/**": LeafStorage(dtype: .int8)]) }
    #expect(unsupported?.code.rawValue == "cast.unsupported")
    #expect(unsupported?.location.treePath == "opt/mu")
    #expect(try await !Checkpoint.exists(at: directory("a")))
  }

  /// Values have no storage of their own.
  @Test(arguments: ["parms/**", "step", "params/x"])
  func aPatternThatMatchesNoArrayIsRefused(_ pattern: String) async throws {
    let error = await fault { try await save(["params/**": .init(), pattern: .init()]) }
    #expect(error?.code.rawValue == "usage.tree-path")
    #expect(error?.message == "no array has a path that matches \"\(pattern)\"")
    let run = try Checkpointer(
      directory("run"),
      options: CheckpointerOptions(storage: StorageOptions(leaves: [pattern: .init()])))
    #expect(await fault { try await run.save(step: 1, tree).get() }?.code == error?.code)
  }

  @Test func leavesAreCompressed() async throws {
    let zeros = try NDArray.zeros(.float32, shape: [512, 512])
    let tree: Tree<NDArray> = ["a": .leaf(zeros), "b": .leaf(zeros), "c": .leaf(zeros)]
    let size = { (options: SaveOptions, name: String) async throws -> Int in
      try await Checkpoint.save(tree, to: directory(name), options: options)
      #expect(try await Checkpoint.validate(at: directory(name)).isValid)
      #expect(try await Checkpoint.load(from: directory(name)) == tree)
      return try DirectoryHandle(opening: directory(name + "/state")).open("arrays.h5").byteCount
    }
    let mebibyte = 1 << 20
    let one = try await size(
      .quick { $0.leaves["a"] = .init(compression: .zstd(level: 3)) }, "one")
    #expect((2 * mebibyte..<5 * mebibyte / 2).contains(one))
    let rest = try await size(
      .quick {
        $0.compression = .zstd()
        $0.leaves["{a,b}"] = .init(compression: .uncompressed)
        $0.leaves["b"] = .init(compression: .zstd(level: 9))
      }, "rest")
    #expect((mebibyte..<3 * mebibyte / 2).contains(rest))
  }

  @Test func leavesAreCutIntoBoxes() async throws {
    let halves: @Sendable (ArrayMetadata) -> [ArrayBox]? = { _ in
      [ArrayBox(offset: [0], shape: [1]), ArrayBox(offset: [1], shape: [1])].compactMap(\.self)
    }
    let loaded = try await save(["params/w": LeafStorage(shards: halves)])
    #expect(loaded == tree)
    let document = try DirectoryHandle(opening: directory("a/state")).allBytes(
      of: "tree.json", limit: 1 << 20)
    let text = String(decoding: document, as: UTF8.self)
    #expect(text.components(separatedBy: "\"shards\"") == 2)
  }
}

extension String {
  /// The number of pieces between the places of another text.
  fileprivate func components(separatedBy other: String) -> Int {
    split(separator: other, omittingEmptySubsequences: false).count
  }
}
