import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// Saved trees come back to the last bit, whatever the layout.
struct RoundTripTests {
  /// A layout that a writer may choose.
  enum Layout: String, CaseIterable, Sendable {
    case plain, packed, pieces, compressed, sharded, shardedPieces, multiFile
    case shardedCompressedMultiFile

    var options: WriteOptions {
      var options = WriteOptions()
      options.durability = .buffered
      switch self {
      case .plain: options.tree.packing = nil
      case .packed: options.tree.packing?.leafCount = 0
      case .pieces: options.tree.pieceBytes = 48
      case .compressed: options.tree.zstdLevel = 1
      case .sharded: options.tree.shards = Self.halves
      case .shardedPieces:
        options.tree.shards = Self.halves
        options.tree.pieceBytes = 64
        options.tree.dataFiles = 2
      case .multiFile: options.tree.dataFiles = 3
      case .shardedCompressedMultiFile:
        options.tree.shards = Self.halves
        options.tree.zstdLevel = 3
        options.tree.chunkBytes = 700
        options.tree.dataFiles = 2
      }
      return options
    }

    /// Cuts arrays in two along each of their first two dimensions.
    @Sendable static func halves(_: TreePath, _ metadata: ArrayMetadata) -> [ArrayBox]? {
      let dimensions = metadata.shape.dimensions
      guard dimensions.count >= 2, dimensions[0] > 1, dimensions[1] > 1 else { return nil }
      var boxes: [ArrayBox] = []
      for row in [0..<(dimensions[0] / 2), (dimensions[0] / 2)..<dimensions[0]] {
        for column in [0..<(dimensions[1] / 2), (dimensions[1] / 2)..<dimensions[1]] {
          let rest = dimensions[2...]
          boxes.append(
            ArrayBox(
              offset: [row.lowerBound, column.lowerBound] + rest.map { _ in 0 },
              shape: Shape([row.count, column.count] + rest)!)!)
        }
      }
      return boxes
    }
  }

  @Test(arguments: Layout.allCases, [UInt64(1), 2, 3, 4, 5])
  func keepsEveryBit(_ layout: Layout, _ seed: UInt64) throws {
    var generator = TreeGenerator(seed: seed, extent: layout == .plain ? 5 : 14)
    let tree = try generator.tree()
    try check(tree, layout.options)
  }

  @Test(arguments: Layout.allCases)
  func keepsArraysLargerThanAPiece(_ layout: Layout) throws {
    var generator = TreeGenerator(seed: 9)
    let tree: Tree<NDArray> = .dict([
      .init("wide", .leaf(try generator.array(.uint8, [3, 3_000_001]))),
      .init("tall", .leaf(try generator.array(.bfloat16, [50_000, 3]))),
    ])
    var options = layout.options
    options.tree.chunkBytes = 1 << 20
    try check(tree, options)
  }

  @Test func keepsASingleLeafAndASingleValue() throws {
    var generator = TreeGenerator(seed: 10)
    try check(.leaf(try generator.array(.float32, [2, 3])), WriteOptions())
    try check(.value(.string("alone")), WriteOptions())
    try check(.dict([]), WriteOptions())
  }

  @Test(arguments: Layout.allCases)
  func equalTreesGiveEqualFiles(_ layout: Layout) throws {
    var generator = TreeGenerator(seed: 11, extent: 9)
    let tree = try generator.tree()
    var options = layout.options
    options.now = { .init(nanoseconds: 1_800_000_000_000_000_000) }
    let directory = try TemporaryDirectory()
    for name in ["a", "b"] { try write(tree, to: directory(name), options) }
    let first = try DirectoryHandle(opening: directory("a"))
    let second = try DirectoryHandle(opening: directory("b"))
    #expect(try first.allFiles() == second.allFiles())
    for file in try first.allFiles() {
      #expect(
        try first.allBytes(of: file, limit: 1 << 30) == second.allBytes(of: file, limit: 1 << 30))
    }
  }

  private func check(_ tree: Tree<NDArray>, _ options: WriteOptions) throws {
    let directory = try TemporaryDirectory()
    try write(tree, to: directory("c"), options)
    let contents = try CheckpointReader.open(try DirectoryHandle(opening: directory("c")))
    guard case .named(let items) = contents.root, case .tree(let found)? = try items.first?.value
    else {
      Issue.record("no tree")
      return
    }
    #expect(try found.loaded().difference(from: tree) == nil)
    // Read piece by piece as well, the other way to read a source.
    for ((path, leaf), (_, array)) in zip(found.leaves, tree.leaves) {
      var bytes: [UInt8] = []
      try leaf.source.forEachPiece(ofAtMost: 1000) { bytes += $0.copied }
      #expect(bytes == array.bytes, "\(path)")
    }
  }

  private func write(
    _ tree: Tree<NDArray>, to path: FilePath, _ options: WriteOptions
  ) throws(CoppiceError) {
    let leaves = tree.mapLeaves { _, array in ArrayLeaf(array) }
    let contents = CheckpointContents(format: "memory", root: .unnamed(.tree(leaves)))
    try CheckpointWriter.write(contents, to: path, options: options)
  }
}
