import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

@Suite struct WritingTests {
  /// Writes contents as one file and returns its bytes.
  private func written(_ contents: CheckpointContents) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    let plan = try makePlan(contents)
    try plan.write(to: directory.path.appending("m.safetensors"), durability: .buffered)
    return try directory.bytes("m.safetensors")
  }

  static let files =
    ["types.safetensors", "names.safetensors", "empty.safetensors"].map {
      Fixtures.directory.appending($0)
    }
    + Corpus.cases("safetensors").filter {
      !["safetensors/odd", "safetensors/sharded"].contains($0)
    }
    .compactMap { try? Corpus.input($0) }

  @Test(arguments: files)
  func writesTheBytesOfTheRealLibrary(_ file: FilePath) throws {
    let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.string)))
    let contents = try open(file)
    #expect(try written(contents) == original)
    #expect(try makePlan(contents).notes.isEmpty)
  }

  @Test func writesTheSameTreeOfAHandMadeFile() throws {
    let contents = try open(Corpus.input("safetensors/odd"))
    let again = try open(written(contents))
    let order = again.entries.map(\.name)
    #expect(order == ["a", "z", "m", "s"])
    for (name, leaf) in contents.entries {
      let other = try #require(again.entries.first { $0.name == name }).leaf
      #expect(try other.metadata == leaf.metadata)
      #expect(try other.source.loaded == leaf.source.loaded)
    }
    #expect(again.custom == contents.custom)
  }

  @Test func writesTheSetOfTheRealLibrary() throws {
    let truth = try Fixtures.truth("set")
    let original = Fixtures.directory.appending("set")
    var contents = try open(original)
    // The order that the arrays had when the library split them.
    let entries = contents.entries.sorted { $0.name < $1.name }
    contents.root = .unnamed(
      .tree(.dict(entries.map { .init(.string($0.name), .leaf($0.leaf)) })))
    try expectSameSet(contents, maximum: try #require(truth.maximum), original)
  }

  @Test func writesTheSetOfTheCorpus() throws {
    let original = try Corpus.input("safetensors/sharded")
    try expectSameSet(open(original), maximum: 1500, original)
  }

  private func expectSameSet(
    _ contents: CheckpointContents, maximum: Int, _ original: FilePath
  ) throws {
    var options = SafetensorsPlan.Options()
    options.maximumFileBytes = maximum
    options.countsHeaders = false
    let plan = try makePlan(contents, options: options)
    let directory = try TemporaryDirectory()
    try plan.write(to: directory.path, durability: .buffered)
    let names = try FileManager.default.contentsOfDirectory(atPath: original.string).sorted()
    #expect(try directory.names == names)
    for name in names {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: original.appending(name).string))
      #expect(try directory.bytes(name) == [UInt8](bytes), "\(name)")
    }
  }

  @Test func ordersByTypeThenName() throws {
    let tree: Tree<ArrayLeaf> = .dict([
      .init("b", try leaf(.int8, [1], [1])), .init("a", try leaf(.bool, [1], [1])),
      .init("d", try leaf(.float64, [1], Array(0..<8))),
      .init("c", try leaf(.uint64, [1], Array(0..<8))),
      .init("B", try leaf(.int8, [1], [2])), .init("e", try leaf(.bfloat16, [1], [1, 2])),
    ])
    #expect(
      try open(written(contents(tree))).entries.map(\.name) == ["c", "d", "e", "B", "b", "a"])
  }

  @Test func laysOutBeforeReadingAnyData() throws {
    struct Unreadable: ArraySource {
      var dtype: DType { .float32 }
      var shape: Shape { .scalar }
      func read(_ range: ArrayBox, into: inout MutableRawSpan) throws(CoppiceError) {
        throw CoppiceError(.ioFailed, "must not be read")
      }
      func forEachPiece(
        ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
      ) throws(CoppiceError) {
        throw CoppiceError(.ioFailed, "must not be read")
      }
    }
    let tree: Tree<ArrayLeaf> = .dict([
      .init("x", .leaf(ArrayLeaf(Unreadable()))), .init("y", try leaf(.uint8, [3], [1, 2, 3])),
    ])
    let plan = try makePlan(contents(tree))
    #expect(plan.files.map(\.name) == ["model.safetensors"])
    #expect(plan.index == nil)
    let header = plan.files[0].header.count
    #expect(header % 8 == 0)
    #expect(plan.leaves.map(\.name) == ["x", "y"])
    #expect(plan.leaves.map(\.offset) == [header, header + 4])
    #expect(plan.leaves.map(\.byteCount) == [4, 3])
    #expect(plan.files[0].byteCount == header + 7)
  }

  @Test func keepsOriginalBytesWithinReach() throws {
    let contents = try open(Fixtures.directory.appending("types.safetensors"))
    // Only 4-bit floats are made anew, two in each byte.
    for leaf in try makePlan(contents).leaves where leaf.name != "float4" {
      #expect(leaf.source.contiguousBytes?.byteCount == leaf.byteCount, "\(leaf.name)")
    }
  }

  @Test func givesTheSameFilesInAnyNumberOfPieces() throws {
    // More than the eight mebibytes that are copied at a time, and no multiple of them.
    var bytes = [UInt8](repeating: 7, count: (17 << 20) + 5)
    for index in stride(from: 0, to: bytes.count, by: 4093) { bytes[index] = UInt8(index % 251) }
    let tree: Tree<ArrayLeaf> = .dict([.init("a", try leaf(.uint8, [bytes.count], bytes))])
    let file = try written(contents(tree))
    #expect(file.count < bytes.count + 200)
    #expect(Array(file.suffix(bytes.count)) == bytes)
  }

  @Test func namesTheFilesOfASet() throws {
    var options = SafetensorsPlan.Options()
    options.maximumFileBytes = 1
    options.baseName = "m"
    let tree: Tree<ArrayLeaf> = .dict([
      .init("a", try leaf(.uint8, [1], [1])), .init("b", try leaf(.uint8, [1], [2])),
    ])
    let plan = try makePlan(contents(tree), options: options)
    #expect(
      plan.files.map(\.name) == [
        "m-00001-of-00002.safetensors", "m-00002-of-00002.safetensors",
      ])
    #expect(plan.index?.name == "m.safetensors.index.json")
  }

  @Test func neverOverwrites() throws {
    let directory = try TemporaryDirectory()
    try directory.write("m.safetensors", [1])
    let plan = try makePlan(contents(.dict([])))
    #expect(throws: CoppiceError.self) {
      try plan.write(to: directory.path.appending("m.safetensors"), durability: .buffered)
    }
    #expect(try directory.bytes("m.safetensors") == [1])
  }

  @Test func writesThroughStagedOutput() throws {
    let directory = try TemporaryDirectory()
    let target = directory.path.appending("m.safetensors")
    let staged = try StagedOutput(.file, for: target, replacing: false)
    let plan = try makePlan(contents(.dict([.init("a", leaf(.uint8, [1], [7]))])))
    try plan.write(to: staged.path, thatExists: true, durability: .durable)
    try staged.commit(durability: .durable)
    #expect(try directory.names == ["m.safetensors"])
    #expect(try open(target).entries.map { try $0.leaf.source.loaded } == [[7]])
  }

  @Test func refusesASourceThatGivesTooFewBytes() throws {
    struct Short: ArraySource {
      var dtype: DType { .uint8 }
      var shape: Shape
      func read(_ range: ArrayBox, into: inout MutableRawSpan) throws(CoppiceError) {}
      func forEachPiece(
        ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
      ) throws(CoppiceError) {}
    }
    let source = Short(shape: try shape(3))
    let error = #expect(throws: CoppiceError.self) {
      try written(contents(.dict([.init("a", .leaf(ArrayLeaf(source)))])))
    }
    #expect(error?.code == .modelByteCount)
    #expect(error?.location.treePath == "a")
  }
}
