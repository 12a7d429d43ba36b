import CoppiceFiles
import CoppiceModel
import CoppiceOrbax
import CoppiceTestSupport
import SystemPackage
import Testing

/// This module's own reader reads back what its writer writes; that Orbax itself reads it,
/// `make test-interop` shows.
struct RoundTripTests {
  private func written(
    _ tree: Tree<NDArray>, _ path: FilePath, _ change: (inout OrbaxWriteOptions) -> Void
  ) throws -> (tree: Tree<NDArray>, notes: [ConversionNote]) {
    var options = OrbaxWriteOptions()
    options.durability = .buffered
    change(&options)
    let contents = CheckpointContents(
      format: "memory", root: .unnamed(.tree(tree.mapLeaves { _, array in ArrayLeaf(array) })))
    let plan = try OrbaxPlan(writing: contents, options: options)
    try OutputDirectory.create(path)
    try plan.write(to: path, monitor: OperationMonitor())
    guard
      case .checkpoint(let found) = try OrbaxCheckpoint.open(
        try DirectoryHandle(opening: path), limits: .standard)
    else { throw CoppiceError(.modelByteCount, "a run") }
    #expect(found.warnings.map(\.code.rawValue) == [])
    let item: Checkpointable
    switch found.root {
    case .unnamed(let only): item = only
    case .named(let items): item = try #require(items.first).value
    }
    guard case .tree(let back) = item else { throw CoppiceError(.modelByteCount, "no tree") }
    return (
      try back.mapLeaves { (_, leaf) throws(CoppiceError) in try leaf.source.load() }, plan.notes
    )
  }

  private static let variants: [(String, @Sendable (inout OrbaxWriteOptions) -> Void)] = [
    ("database", { _ in }), ("plain", { $0.zstdLevel = nil }),
    ("directories", { $0.store = .directories }),
    ("small chunks", { $0.chunkBytes = 24 }),
    ("small plain chunks", { ($0.chunkBytes, $0.zstdLevel) = (24, nil) }),
    ("direct", { $0.layout = .version0Direct }),
    ("direct directories", { ($0.layout, $0.store) = (.version0Direct, .directories) }),
    ("step", { $0.layout = .managedStep }),
  ]

  @Test(arguments: variants.indices) func everyTypeAndShape(_ index: Int) throws {
    let (name, change) = Self.variants[index]
    var generator = TreeGenerator(seed: 7)
    var entries: [Tree<NDArray>.Entry] = []
    // Thousands of small chunks are tree enough.
    let longest = name.hasPrefix("small") ? 2000 : 40_000
    for dtype in DType.allCases where ![.uint2, .uint4, .float8_e4m3].contains(dtype) {
      for shape in [[], [3], [7, 5], [2, 3, 9], [0, 2], [longest]] {
        let key = "\(dtype)-\(shape.map(String.init).joined(separator: "x"))"
        entries.append(.init(.string(key), .leaf(try generator.array(dtype, shape))))
      }
    }
    let tree: Tree<NDArray> = .dict(entries)
    let directory = try TemporaryDirectory()
    let (back, notes) = try written(tree, directory("a"), change)
    #expect(back.difference(from: tree) == nil, "\(name)")
    #expect(notes == [])
  }

  @Test(arguments: variants.indices) func everyContainerAndValue(_ index: Int) throws {
    let (name, change) = Self.variants[index]
    var generator = TreeGenerator(seed: 8)
    let leaf: Tree<NDArray> = .leaf(try generator.array(.float32, [2]))
    let tree: Tree<NDArray> = .dict([
      .init("list", .list([leaf, .list([]), .tuple([]), .dict([]), .value(.null)])),
      .init("tuple", .tuple([leaf, .tuple([leaf])])),
      .init(
        "record",
        .record(.init(type: "State", fields: [.init("mu", leaf), .init("nu", .value(.null))]))),
      .init("", .dict([.init("", leaf)])), .init("a/b", leaf), .init("é\n'\"", leaf),
      .init("int", .value(.int(IntegerText(Int.min)))),
      .init("large", .value(.int(IntegerText(UInt64.max)))),
      .init("float", .value(.float(.init(bitPattern: 0x7FF0_0000_0000_0001)))),
      .init("bool", .value(.bool(false))), .init("text", .value(.string("\"\n\u{1F332}"))),
      .init("t/ext", .value(.string("nested"))), .init("t/e~0xt", .value(.string(""))),
    ])
    // Empty names can't be those of directories.
    let isDirectories = name.contains("directories")
    let directory = try TemporaryDirectory()
    let entries = tree.children.compactMap { child -> Tree<NDArray>.Entry? in
      guard case .key(let key) = child.component, !isDirectories || key != "" else { return nil }
      return .init(key, child.node)
    }
    let (back, notes) = try written(.dict(entries), directory("a"), change)
    #expect(back.difference(from: .dict(entries)) == nil, "\(name)")
    #expect(notes == [])
  }

  @Test func wholeCheckpoints() throws {
    let directory = try TemporaryDirectory()
    var generator = TreeGenerator(seed: 9)
    let key = try generator.array(.uint32, [2])
    var mesh = Sharding(
      axisNames: ["x", "y"], axisSizes: [2, 2], partition: [["x", "y"], []], devices: [0, 1, 2, 3])
    mesh.device = nil
    var contents = CheckpointContents(
      format: "memory",
      root: .named([
        .init(
          "state",
          .tree(
            .dict([
              .init("key", .leaf(ArrayLeaf(key, prngImplementation: "threefry2x32"))),
              .init("w", .leaf(ArrayLeaf(try generator.array(.int8, [4, 2]), sharding: mesh))),
              .init(
                "b",
                .leaf(
                  ArrayLeaf(try generator.array(.int8, []), sharding: Sharding(device: "cpu:0")))
              ),
            ]))),
        .init("config", .json(.object([.init("lr", .number("0.1"))]))),
        .init("iterator", .files([.init(path: "a/b.bin", bytes: MemoryBytes([1, 2, 3]))])),
      ]))
    contents.metrics = .object([.init("loss", .number("0.5"))])
    contents.custom = .object([.init("run", .string("x"))])
    contents.initTime = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
    contents.commitTime = Timestamp(nanoseconds: 1_700_000_001_000_000_000)
    var options = OrbaxWriteOptions()
    options.durability = .buffered
    let plan = try OrbaxPlan(writing: contents, options: options)
    try OutputDirectory.create(directory("a"))
    try plan.write(to: directory("a"), monitor: OperationMonitor())
    let input = try OrbaxCheckpoint.open(
      try DirectoryHandle(opening: directory("a")), limits: .standard)
    guard case .checkpoint(let found) = input, case .named(let items) = found.root else {
      Issue.record("no named parts")
      return
    }
    #expect(found.format == "orbax-v1")
    #expect(found.metrics == contents.metrics)
    #expect(found.custom == contents.custom)
    #expect(found.initTime == contents.initTime)
    #expect(found.commitTime == contents.commitTime)
    #expect(items.map(\.name) == ["state", "config", "iterator"])
    guard case .tree(let tree) = try items[0].value, case .json(let json) = try items[1].value,
      case .files(let files) = try items[2].value
    else {
      Issue.record("other kinds")
      return
    }
    let leaves = try tree.leaves.map { try $0.leaf.metadata }
    #expect(leaves.map(\.prngImplementation) == ["threefry2x32", nil, nil])
    #expect(leaves.map(\.sharding) == [nil, mesh, Sharding(device: "cpu:0")])
    #expect(json["lr"] == .number("0.1"))
    #expect(files.map(\.path) == ["a/b.bin"])
  }
}
