import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// A writer refuses what readers would.
struct WritingRuleTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func arraysHaveTheirLimits() throws {
    let array = try NDArray(dtype: .int32, shape: try #require(Shape([1])), bytes: [1, 0, 0, 0])
    let empty = try NDArray(
      dtype: .int32, shape: try #require(Shape([0, 1 << 30, 1 << 30])), bytes: [])
    let mesh = Sharding(axisNames: ["x"], axisSizes: [2], partition: [["y"]])
    let flat = Sharding(axisNames: ["x"], axisSizes: [2], partition: [[], []])
    for (leaf, expected) in [
      (ArrayLeaf(array), nil), (ArrayLeaf(array, prngImplementation: "x"), "arrays.bad-prng"),
      (ArrayLeaf(empty), "arrays.bad-shape"),
      (ArrayLeaf(array, sharding: mesh), "sharding.bad-sharding"),
      (ArrayLeaf(array, sharding: flat), "sharding.bad-sharding"),
    ] as [(ArrayLeaf, String?)] {
      #expect(write(.tree(.leaf(leaf))) == expected)
    }
  }

  @Test func treesHaveTheirLimits() {
    let long = String(repeating: "k", count: 1025)
    #expect(write(.tree(.dict([.init(.string(long), .list([]))]))) == "model.key-too-long")
    #expect(
      write(.tree(.dict([.init("a", .list([])), .init("a", .list([]))]))) == "model.duplicate-key")
    // Texts that Swift orders in a circle: each precedes the next, and the first occurs again at
    // the end.
    let circle = ["\u{391}", "\u{391}\u{301}", "\u{388}", "\u{391}"]
    let keys = circle.map { Tree<ArrayLeaf>.Entry(.string($0), .list([])) }
    #expect(write(.tree(.dict(keys))) == "model.duplicate-key")
    #expect(write(.tree(.dict(Array(keys.dropLast())))) == nil)
    #expect(write(.tree(nested(128))) == nil)
    #expect(write(.tree(nested(129))) == "model.too-deep")
  }

  @Test func partsHaveTheirLimits() {
    #expect(write(composite(8)) == nil)
    #expect(write(composite(9)) == "metadata.too-deep")
    let files = ["a", "a/b"].map { CheckpointFile(path: $0, bytes: MemoryBytes([])) }
    #expect(write(.files(files)) == "directory.bad-path")
    #expect(
      write(.composite([.init("A", .json(.null)), .init("a", .json(.null))]))
        == "directory.name-collision")
  }

  /// ARR-6: chunks fit the smallest shard.
  @Test func whatIsWrittenIsValid() throws {
    var generator = TreeGenerator(seed: 12, extent: 14)
    let tree = try generator.tree().mapLeaves { _, array in ArrayLeaf(array) }
    for layout in RoundTripTests.Layout.allCases {
      let path = directory(layout.rawValue)
      let contents = CheckpointContents(format: "memory", root: .unnamed(.tree(tree)))
      try CheckpointWriter.write(contents, to: path, options: layout.options)
      let found = try Validator.run(try DirectoryHandle(opening: path), level: .data)
      #expect(found.map(\.fault.description) == [], "\(layout)")
    }
  }

  private func nested(_ depth: Int) -> Tree<ArrayLeaf> {
    (0..<depth).reduce(.value(.null)) { node, _ in .list([node]) }
  }

  private func composite(_ depth: Int) -> Checkpointable {
    (0..<depth).reduce(.json(.null)) { item, _ in .composite([.init("a", item)]) }
  }

  /// Writes a part.
  ///
  /// - Returns: The code that it fails with; what is written can be opened.
  private func write(_ part: Checkpointable) -> String? {
    let contents = CheckpointContents(format: "memory", root: .unnamed(part))
    var options = WriteOptions()
    options.durability = .buffered
    options.isReplacing = true
    return code {
      try CheckpointWriter.write(contents, to: directory("c"), options: options)
      _ = try CheckpointReader.open(try DirectoryHandle(opening: directory("c")))
    }
  }
}
