import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import Testing

/// The example documents of the specification, which an independent script has made.
struct ExampleTests {
  @Test(arguments: try Specification.examples("root") + rootsOfCheckpoints)
  func rootDocumentsAreWrittenAsRead(_ name: String) throws {
    let bytes = try Specification.bytes(ofExample: name)
    let document = try RootDocument(parsing: bytes)
    #expect(document.warnings.isEmpty)
    #expect(try document.encoded() == bytes)
  }

  static let rootsOfCheckpoints = [
    "checkpoints/minimal/coppice.json", "checkpoints/pieces/coppice.json",
    "checkpoints/tour/coppice.json",
  ]

  @Test(
    arguments: try Specification.examples("tree").filter { !indexes.contains($0) }
      + treesOfCheckpoints)
  func treeDocumentsAreWrittenAsRead(_ name: String) throws {
    let bytes = try Specification.bytes(ofExample: name)
    let document = try TreeDocument(parsing: bytes, file: name, checksForm: true)
    #expect(document.warnings.isEmpty)
    #expect(document.encoded() == bytes)
  }

  @Test(arguments: indexes)
  func indexDocumentsAreWrittenAsRead(_ name: String) throws {
    let bytes = try Specification.bytes(ofExample: name)
    let document = try IndexDocument(parsing: bytes, file: name, checksForm: true)
    #expect(document.warnings.isEmpty)
    #expect(document.encoded() == bytes)
  }

  static let indexes = ["tree/sharded.1.json", "checkpoints/tour/state/arrays.1.json"]

  static let treesOfCheckpoints = [
    "checkpoints/minimal/state/tree.json", "checkpoints/pieces/state/tree.json",
    "checkpoints/tour/state/tree.json",
  ]

  @Test func tourSaysWhatTheTextSays() throws {
    let root = try RootDocument(parsing: try Specification.bytes(ofExample: "root/tour.json"))
    #expect(root.step == 1000)
    #expect(root.checkpointables.map(\.name) == ["config", "extras", "iterator 1", "state"])
    #expect(
      root.metrics == .object([.init("accuracy", .number("0.75")), .init("loss", .number("NaN"))]))
    #expect(root.custom == .object([.init("run", .string("example"))]))
    #expect(root.initTime?.description == "2026-11-21T01:02:03.123456789Z")
    #expect(root.commitTime?.description == "2026-11-21T01:02:04.000000000Z")
    #expect(root.features == [.composite])
    let tree = try TreeDocument(
      parsing: try Specification.bytes(ofExample: "tree/tour.json"), file: "tree.json")
    #expect(root.requiredFeatures == tree.features.union(root.features))
    #expect(tree.leaves.count == 9)
    #expect(tree.leaves[7].prng == "threefry2x32")
    // "Its blocks are 4 to 9 of `arrays.h5`", and leaf 3 has another one in `arrays.1.h5`.
    #expect(try BlockTable(tree, file: 0)[4] == 4..<10)
    #expect(try BlockTable(tree, file: 1)[3] == 0..<1)
  }

  @Test func chunkExampleFindsItsElement() throws {
    let grid = try #require(ChunkGrid(shape: Shape([5, 300])!, chunk: Shape([2, 200])!))
    #expect(grid.cellCount == 6)
    #expect(grid.box(5)?.offset == [4, 200])
    #expect(grid.box(5)?.shape == Shape([1, 100]))
  }

  @Test func valuesAreThoseOfTheText() throws {
    let document = try TreeDocument(
      parsing: try Specification.bytes(ofExample: "tree/values.json"), file: "tree.json")
    #expect(
      document.tree
        == .list([
          .value(.int(IntegerText(-12))),
          .value(.int(IntegerText("170141183460469231731687303715884105727")!)),
          .value(.float(.init(2.5))), .value(.float(.init(-0.0))), .value(.float(.init(1e16))),
          .value(.float(.init(bitPattern: 0x7FF8_0000_0000_0000))),
          .value(.float(.init(bitPattern: 0xFFF8_0000_0000_0001))),
          .value(.float(.init(-.infinity))), .value(.bool(true)),
          .value(.complex(real: .init(1), imaginary: .init(-0.0))),
          .value(.string("h\u{E9}llo")), .value(.bytes([0, 1, 2, 255])), .value(.null),
          .value(.stringArray(TextArray(shape: Shape([2, 1])!, elements: .strings(["a", ""]))!)),
          .value(.stringArray(TextArray(shape: Shape([0])!, elements: .bytes([]))!)),
          .dict([]), .list([]), .tuple([]), .record(.init(type: "Empty", fields: [])),
        ]))
  }

  /// The table of 3.3.
  @Test func digestsAreThoseOfTheTable() {
    #expect(Digest(of: []).description == "2d06800538d394c2")
    #expect(Digest(of: Array("a".utf8)).description == "e6c632b61e964e1f")
    #expect(Digest(of: Array("coppice".utf8)).description == "cff1502819a891da")
    let all = Array(UInt8.min...UInt8.max)
    #expect(Digest(of: all).description == "9408a4433b952d71")
    #expect(Digest(of: all + all + all + all).description == "a870f92984398d22")
  }
}
