import Coppice
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Formats without nesting write names that say the whole way: these are paired with nested trees.
struct FlattenedComparisonTests {
  private func leaf(_ value: Float) throws -> Tree<ArrayLeaf> {
    .leaf(ArrayLeaf(try NDArray(floats: [value])))
  }

  private func nested() throws -> Tree<ArrayLeaf> {
    .dict([
      .init("params", .dict([.init("w", try leaf(1)), .init("b", try leaf(2))])),
      .init("layers", .list([try leaf(3), .dict([.init(7, try leaf(4))])])),
      .init("top", try leaf(5)),
    ])
  }

  private func flat(_ separator: String) throws -> Tree<ArrayLeaf> {
    .dict([
      .init(.string("layers\(separator)0"), try leaf(3)),
      .init(.string("layers\(separator)1\(separator)7"), try leaf(4)),
      .init(.string("params\(separator)b"), try leaf(2)),
      .init(.string("params\(separator)w"), try leaf(1)), .init("top", try leaf(5)),
    ])
  }

  private func compare(
    _ a: Tree<ArrayLeaf>, _ b: Tree<ArrayLeaf>,
    _ change: (inout ComparisonOptions) throws -> Void = { _ in }
  ) throws -> ComparisonResult {
    var options = ComparisonOptions()
    try change(&options)
    let contents = { (tree: Tree<ArrayLeaf>) in
      CheckpointContents(format: "memory", root: .unnamed(.tree(tree)))
    }
    return try Comparison.run(
      .checkpoint(contents(a)), .checkpoint(contents(b)), options: options)
  }

  @Test(arguments: [".", "/"]) func joinedNamesArePaired(_ separator: String) throws {
    let result = try compare(try nested(), try flat(separator))
    #expect(result.isEqual, "\(result.differences)")
    #expect(result.arrayCount == 5)
    #expect(result.flattening?.side == .b)
    #expect(result.flattening?.separator == separator)
    #expect(
      result.flattening?.description
        == "names of B are flattened: params\(separator)w is paired with params/w")
    let other = try compare(try flat(separator), try nested())
    #expect(other.isEqual)
    #expect(other.flattening?.side == .a)
  }

  @Test func whatIsOnOneSideOnlyIsStillSaid() throws {
    let a = Tree.dict([
      .init(
        "p", .dict([.init("w", try leaf(1)), .init("x", try leaf(2)), .init("n", .value(.null))])),
      .init("e", .dict([])),
    ])
    let b = Tree.dict([.init("p.w", try leaf(9)), .init("p.y", try leaf(2))])
    let result = try compare(a, b)
    #expect(
      result.differences.map(\.description) == [
        "p/w: the element differs: 1.0 vs 9.0; largest difference 8 (relative 0.889)",
        "p/x: only in A: float32 [1]", "p/n: only in A: none", "e: only in A: an empty dict",
        "p.y: only in B: float32 [1]",
      ])
  }

  @Test func nestedPartsOfATreeArePairedToo() throws {
    let a = Tree.dict([.init("model", try nested()), .init("step", .value(.bool(true)))])
    let b = Tree.dict([.init("model", try flat(".")), .init("step", .value(.bool(true)))])
    let result = try compare(a, b)
    #expect(result.isEqual, "\(result.differences)")
    #expect(result.flattening?.path == "model/params/w")
  }

  @Test func treesOfTheSameShapeArePairedByStructure() throws {
    #expect(try compare(try nested(), try nested()).flattening == nil)
    #expect(try compare(try flat("."), try flat(".")).flattening == nil)
    let result = try compare(try flat("."), try flat("/"))
    #expect(result.flattening == nil)
    #expect(result.count == 8)
  }

  @Test func selectionsSpeakOfTheNestedTree() throws {
    let result = try compare(try nested(), try flat(".")) {
      $0.selection = [try PathGlob("params")]
    }
    #expect(result.isEqual)
    #expect(result.arrayCount == 2)
  }

  @Test func aConversionToSafetensorsIsTheSame() throws {
    let directory = try TemporaryDirectory()
    let source = CheckpointContents(format: "memory", root: .unnamed(.tree(try nested())))
    try directory.checkpoint("a", source)
    let input = try CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all))
    for (name, format) in [
      ("b.safetensors", SafetensorsFormatWriter() as any FormatWriter),
      ("b.npz", NpzFormatWriter()),
    ] {
      try convert(input, to: directory(name)) { $0.format = OutputFormat(format) }
      let result = try Comparison.run(
        .checkpoint(try opened(directory("a"))), .checkpoint(try opened(directory(name))))
      #expect(result.isEqual, "\(result.differences)")
      #expect(result.arrayCount == 5)
    }
  }
}
