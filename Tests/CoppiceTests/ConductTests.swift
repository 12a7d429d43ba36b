import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Rules on what readers and writers do, which no case of the suite can show.
struct ConductTests {
  private static func options() -> WriteOptions {
    var options = WriteOptions()
    options.durability = .buffered
    options.isReplacing = true
    return options
  }

  /// Four by four bytes from `start` on.
  private static func square(from start: UInt8) throws -> NDArray {
    let shape = try #require(Shape([4, 4]))
    return try NDArray(dtype: .uint8, shape: shape, bytes: (0..<16).map { start + $0 })
  }

  private static func write(_ array: NDArray, to path: FilePath, _ options: WriteOptions) throws {
    let contents = CheckpointContents(
      format: "memory", root: .unnamed(.tree(.dict([.init("w", .leaf(ArrayLeaf(array)))]))))
    try CheckpointWriter.write(contents, to: path, options: options)
  }

  private static func leaf(of contents: CheckpointContents) throws -> ArrayLeaf {
    guard case .named(let items) = contents.root, case .tree(let tree)? = try items.first?.value
    else {
      throw CoppiceError(.ioShortRead, "no tree")
    }
    return try #require(tree.leaves.first?.leaf)
  }

  private static func bytes(of array: NDArray) -> [UInt8] {
    array.bytes
  }

  private static func bytes(of contents: CheckpointContents) throws -> [UInt8] {
    bytes(of: try leaf(of: contents).source.load())
  }

  private static func block(_ row: Int, of copy: ExampleCopy) throws -> Range<Int> {
    let document = try TreeDocument(
      parsing: try copy.bytes("state/tree.json"), file: "tree.json")
    return document.index.blocks.offset[
      row]..<(document.index.blocks.offset[row] + document.index.blocks.size[row])
  }

  /// DIR-17, DIR-28: a reader that has opened a checkpoint never sees the one that replaces it.
  @Test func keepsToTheDirectoryThatItOpened() throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let (old, new) = (Array(UInt8(0)..<16), Array(UInt8(100)..<116))
    try Self.write(try Self.square(from: 0), to: path, Self.options())
    let first = try CheckpointReader.open(try DirectoryHandle(opening: path))
    let unread = try CheckpointReader.open(try DirectoryHandle(opening: path))
    let listed = try CheckpointReader.open(try DirectoryHandle(opening: path)).whole()
    #expect(try Self.bytes(of: first) == old)
    try Self.write(try Self.square(from: 100), to: path, Self.options())
    #expect(try Self.bytes(of: first) == old)
    // Files that are opened only now are missing; they are never another checkpoint's.
    #expect(
      code { _ = try Self.leaf(of: unread).source.load() } == "directory.missing-checkpointable")
    #expect(code { _ = try Self.leaf(of: listed).source.load() } == "directory.file-missing")
    let second = try CheckpointReader.open(try DirectoryHandle(opening: path))
    #expect(try Self.bytes(of: second) == new)
  }

  /// DIR-29.
  @Test(arguments: RoundTripTests.Layout.allCases)
  func writesNoLinks(_ layout: RoundTripTests.Layout) throws {
    let copy = try ExampleCopy(
      of: .dict([.init("w", .leaf(try Self.square(from: 0)))]), options: layout.options)
    #expect(try copy.handle.subdirectory("state").entries().allSatisfy { $0.kind == .file })
  }

  /// ARR-24: damage to HDF5's own structures doesn't affect loading.
  @Test func takesArraysFromBlocksAlone() throws {
    let copy = try ExampleCopy("minimal")
    let array = try Self.bytes(of: try CheckpointReader.open(try copy.handle))
    let block = try Self.block(0, of: copy)
    var bytes = try copy.bytes("state/arrays.h5")
    for index in bytes.indices where !block.contains(index) { bytes[index] = 0 }
    try copy.write(bytes, to: "state/arrays.h5")
    #expect(try Self.bytes(of: try CheckpointReader.open(try copy.handle)) == array)
    #expect(try copy.findings(.data) == ["arrays.stale-index"])
  }

  /// SHD-12: the other shards may be damaged.
  @Test func readsTheBlocksOfAPartAlone() throws {
    let square = try Self.square(from: 0)
    let copy = try ExampleCopy(
      of: .dict([.init("w", .leaf(square))]), options: RoundTripTests.Layout.sharded.options)
    var bytes = try copy.bytes("state/arrays.h5")
    bytes[try Self.block(3, of: copy).lowerBound] ^= 1
    try copy.write(bytes, to: "state/arrays.h5")
    let source = try Self.leaf(of: try CheckpointReader.open(try copy.handle)).source
    let shape = try #require(Shape([2, 4]))
    let rows = try #require(ArrayBox(offset: [0, 0], shape: shape))
    let part = try NDArray(dtype: .uint8, shape: shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try source.read(rows, into: &bytes)
    }
    #expect(Self.bytes(of: part) == Array(0..<8))
    #expect(code { _ = try source.load() } == "arrays.digest-mismatch")
  }

  /// VAL-7.
  @Test func listsWithoutOpeningArrayFiles() throws {
    let copy = try ExampleCopy("minimal")
    try OutputDirectory.remove(copy("state/arrays.h5"))
    let leaf = try Self.leaf(of: try CheckpointReader.open(try copy.handle))
    #expect(try leaf.metadata.shape == Shape([2, 3]))
    #expect(code { _ = try leaf.source.load() } == "directory.file-missing")
  }
}
