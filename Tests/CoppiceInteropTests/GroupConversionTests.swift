import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceInterop
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import Foundation
import Synchronization
import SystemPackage
import Testing

/// A conversion by a group has the result, the notes and the errors of one process.
struct GroupConversionTests {
  private static let limit = Duration.seconds(60)

  /// Converts on some ranks, and returns the outcome of each.
  private func together(
    _ count: Int, _ source: FilePath, to target: FilePath, monitors: [OperationMonitor] = [],
    _ change: (inout ConversionOptions) throws -> Void = { _ in }
  ) async throws -> [Result<ConversionReport, any Error>] {
    var options = ConversionOptions()
    options.durability = .buffered
    try change(&options)
    return await LocalProcessGroup.run(count: count) { [options] group in
      try await Checkpoint.convert(
        source, to: target, options: options, group: group, waitLimit: Self.limit,
        monitor: monitors.isEmpty ? OperationMonitor() : monitors[group.rank])
    }
  }

  private func expectEqual(_ a: FilePath, _ b: FilePath) async throws {
    let result = try await Checkpoint.diff(a.string, b.string)
    #expect(result.isEqual, "\(result.differences)")
    #expect(result.arrayCount > 0)
  }

  private func names(_ path: FilePath) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path.string).sorted()
  }

  private func bytes(_ path: FilePath) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path.string)))
  }

  private static let sources = [
    "orbax-0.12/v1-trainstate/input/ckpt", "orbax-0.12/v0-composite/input/ckpt",
    "orbax-0.12/v1-sharded-chunked/input/ckpt", "orbax-0.12/v1-mp4/input/ckpt",
    "orbax-0.12/v1-mp3-files/input/ckpt", "orbax-0.12/v1-manyleaves/input/ckpt",
    "orbax-0.12/v1-prng/input/ckpt", "orbax-0.12/v1-stateful/input/ckpt",
    "orbax-0.12/v1-empties/input/ckpt", "orbax-0.2/0.2.3-sharded/input/ckpt",
    "orbax-0.0/0.0.23-aggregate/input/ckpt",
  ].filter {
    FileManager.default.fileExists(atPath: RecognitionTests.fixtures.pushing(FilePath($0)).string)
  }

  @Test func theSourcesAreThere() { #expect(Self.sources.count > 5) }

  @Test(arguments: sources, [1, 2, 3, 4]) func foreignSources(
    _ name: String, _ ranks: Int
  ) async throws {
    let directory = try TemporaryDirectory()
    let source = RecognitionTests.fixtures.pushing(FilePath(name))
    let alone = try await Checkpoint.convert(source, to: directory("one"))
    let notes = try await Checkpoint.conversionPlan(source, to: directory("plan")).notes
    for report in try await together(ranks, source, to: directory("all")) {
      let report = try report.get()
      #expect(report.notes == notes)
      #expect(report.arrayCount == alone.arrayCount && report.byteCount == alone.byteCount)
    }
    #expect(try await Checkpoint.validate(at: directory("all")).isValid)
    try await expectEqual(directory("one"), directory("all"))
    for (format, layout) in [("orbax", "ocdbt"), ("orbax", "directories"), ("orbax-v0", "ocdbt")] {
      guard format == "orbax" || !name.contains("composite") && !name.contains("stateful") else {
        continue
      }
      let target = directory(format + "-" + layout)
      for report in try await together(
        ranks, directory("all"), to: target,
        {
          $0.format = try OutputFormat(named: format)
          $0.layout = layout
        })
      {
        _ = try report.get()
      }
      let whole = directory(format + "-" + layout + "-one")
      var options = ConversionOptions(to: try OutputFormat(named: format))
      options.layout = layout
      try await Checkpoint.convert(directory("one"), to: whole, options: options)
      try await expectEqual(whole, target)
      if layout == "directories" { #expect(try names(whole) == names(target)) }
    }
    #expect(try directory.names.allSatisfy { !$0.hasPrefix(".") })
  }

  /// Arrays that are large enough to be cut, whose bytes differ everywhere.
  private func large() throws -> CheckpointContents {
    func array(_ dtype: DType, _ extents: [Int], _ seed: UInt64) throws -> NDArray {
      let shape = try #require(Shape(extents))
      var state = seed
      var bytes = [UInt8](repeating: 0, count: shape.elementCount * dtype.width)
      for index in bytes.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[index] = UInt8(truncatingIfNeeded: state >> 33) & 0x3F
      }
      return try NDArray(dtype: dtype, shape: shape, bytes: bytes)
    }
    return CheckpointContents(
      .dict([
        .init("a", .leaf(try array(.uint8, [3, 2000, 2100], 1))),
        .init("b", .list([.leaf(try array(.float32, [1100, 2500], 2)), .value(.int(7))])),
        .init("c", .leaf(try array(.int16, [9], 3))),
        .init("d", .leaf(try array(.int32, [3_000_000], 4))),
      ]))
  }

  enum Layout: String, CaseIterable { case plain, compressed, files, sharded }

  @Test(arguments: Layout.allCases) func largeArrays(_ layout: Layout) async throws {
    let directory = try TemporaryDirectory()
    let contents = try large()
    try directory.checkpoint("source", contents) { options in
      switch layout {
      case .plain: break
      case .compressed: options.tree.zstdLevel = 1
      case .files: options.tree.maximumFileBytes = 1 << 23
      case .sharded:
        options.tree.shards = { (_, metadata) in
          try? ShardGrid.halves(of: metadata.shape)
        }
      }
    }
    for (target, ranks) in [("coppice", 3), ("orbax", 2), ("orbax-v0", 4)] {
      for report in try await together(
        ranks, directory("source"), to: directory(target),
        {
          $0.format = try OutputFormat(named: target)
          $0.compression = layout == .files ? .uncompressed : nil
        })
      {
        _ = try report.get()
      }
      try await expectEqual(directory("source"), directory(target))
      // Back again: chunks of each rank are read by others.
      for report in try await together(
        5 - ranks, directory(target), to: directory("back-" + target))
      {
        _ = try report.get()
      }
      try await expectEqual(directory("source"), directory("back-" + target))
    }
    // Each of three ranks has its file.
    let files = try names(directory("coppice/state")).filter { $0.hasSuffix(".h5") }
    #expect(files == ["arrays.1.h5", "arrays.2.h5", "arrays.h5"])
    let sizes = try files.map { try bytes(directory("coppice/state").appending($0)).count }
    #expect(Double(try #require(sizes.max())) < 1.5 * Double(try #require(sizes.min())))
  }

  @Test(arguments: [2, 3]) func boxesChunksAndFilesAreThoseAskedFor(_ ranks: Int) async throws {
    let directory = try TemporaryDirectory()
    try directory.checkpoint("source", try large())
    let change = { (options: inout ConversionOptions) in
      options.shards = [(try PathGlob("a"), [3, 2]), (try PathGlob("b/*"), [4])]
      options.chunks = [(try PathGlob("d"), [100_000])]
      options.compression = .zstd(level: 1)
      options.dataFiles = 5
    }
    var options = ConversionOptions()
    try change(&options)
    try await Checkpoint.convert(directory("source"), to: directory("one"), options: options)
    for report in try await together(
      ranks, directory("source"), to: directory("all"), change)
    {
      _ = try report.get()
    }
    // The data files are those of one process, byte for byte.
    #expect(try names(directory("one")) == names(directory("all")))
    for name in try names(directory("one/state")) {
      #expect(
        try bytes(directory("one/state").appending(name))
          == bytes(directory("all/state").appending(name)), "\(name)")
    }
  }

  @Test func changesOnTheWayAreThoseOfOneProcess() async throws {
    let directory = try TemporaryDirectory()
    try directory.checkpoint("source", try large())
    let change = { (options: inout ConversionOptions) in
      options.transform.selection = [try PathGlob("b/**"), try PathGlob("d")]
      options.transform.renamings = [try TreeRenaming(from: "d", to: "e")]
      options.transform.casts = [(try PathGlob("b/0"), .bfloat16)]
    }
    var options = ConversionOptions()
    try change(&options)
    try await Checkpoint.convert(directory("source"), to: directory("one"), options: options)
    for report in try await together(3, directory("source"), to: directory("all"), change) {
      _ = try report.get()
    }
    try await expectEqual(directory("one"), directory("all"))
    // An existing target is refused by all, and replaced where that is asked for.
    for report in try await together(3, directory("source"), to: directory("all")) {
      #expect(throws: CoppiceError.self) { try report.get() }
      #expect(failure { _ = try report.get() }?.code == .operationExists)
    }
    for report in try await together(
      2, directory("source"), to: directory("all"), { $0.replacesExisting = true })
    {
      _ = try report.get()
    }
    try await expectEqual(directory("source"), directory("all"))
  }

  // MARK: Faults

  /// Makes a checkpoint in which the blocks of two arrays are damaged.
  private func damaged(_ directory: borrowing TemporaryDirectory) throws -> FilePath {
    var generator = TreeGenerator(seed: 5)
    var leaves: [Tree<NDArray>.Entry] = []
    for index in 0..<6 {
      leaves.append(
        .init(.string("w\(index)"), .leaf(try generator.array(.float32, [50, 50]))))
    }
    let tree = Tree<NDArray>.dict(leaves)
    let path = try directory.checkpoint("damaged", CheckpointContents(tree))
    let file = path.appending("state").appending("arrays.h5")
    var bytes = try bytes(file)
    for leaf in tree.leaves where ["w1", "w4"].contains(leaf.path.description) {
      let block = leaf.leaf.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
      let place = try #require(Data(bytes).range(of: Data(block)))
      bytes[place.lowerBound + 100] ^= 0x55
    }
    try Data(bytes).write(to: URL(fileURLWithPath: file.string))
    return path
  }

  @Test(arguments: [1, 2, 3, 4]) func allFaultsOfADamagedSource(_ ranks: Int) async throws {
    let directory = try TemporaryDirectory()
    let source = try damaged(directory)
    let one = await #expect(throws: CoppiceError.self) {
      try await Checkpoint.convert(source, to: directory("one"))
    }
    for report in try await together(ranks, source, to: directory("out")) {
      let error = try #require(failure { _ = try report.get() })
      #expect(error.code.rawValue == "arrays.digest-mismatch")
      #expect(error.faults.map(\.location.treePath) == ["w1", "w4"])
      #expect(error.faults.map(\.description) == one?.faults.map(\.description))
    }
    #expect(try directory.names == ["damaged"])
    for report in try await together(ranks, source, to: directory("out"), { $0.salvages = true }) {
      #expect(
        try report.get().notes.filter { $0.kind == .damaged }.map(\.treePath) == [
          "state/w1", "state/w4",
        ])
    }
    let kept = try #require(try opened(directory("out")).tree())
    #expect(kept.leaves.map(\.path.description) == ["w0", "w2", "w3", "w5"])
  }

  @Test(arguments: ["orbax-flip-data", "orbax-missing-manifest", "orbax-unknown-codec"])
  func foreignDamage(_ name: String) async throws {
    let directory = try TemporaryDirectory()
    let source = RecognitionTests.fixtures.pushing(FilePath("damaged/\(name)/input/ckpt"))
    let one = await #expect(throws: CoppiceError.self) {
      try await Checkpoint.convert(source, to: directory("one"))
    }
    for report in try await together(3, source, to: directory("all")) {
      let error = try #require(failure { _ = try report.get() })
      #expect(error.description == one?.description)
      #expect(error.faults.map(\.description) == one?.faults.map(\.description))
    }
    #expect(try directory.names.isEmpty)
  }

  /// A source in memory with an array for each of some ranks, of which one runs a closure when it is read.
  private func troubled(
    _ ranks: Int, on rank: Int,
    _ trouble: @escaping @Sendable (_ rank: Int) throws(CoppiceError) -> Void
  ) -> @Sendable (_ reader: Int) -> CheckpointInput {
    { reader in
      let leaves = (0..<ranks).map { index in
        Tree<ArrayLeaf>.Entry(
          .string("w\(index)"),
          .leaf(
            ArrayLeaf(
              TroubledSource(byteCount: 12 << 20, at: index == rank ? 0 : .max) {
                () throws(CoppiceError) in try trouble(reader)
              })))
      }
      return .checkpoint(
        CheckpointContents(
          format: "memory", root: .named([.init("state", .tree(.dict(leaves)))])))
    }
  }

  private func converting(
    _ count: Int, to target: FilePath, monitors: [OperationMonitor] = [],
    _ input: @escaping @Sendable (Int) -> CheckpointInput
  ) async -> [CoppiceError?] {
    var options = ConversionOptions()
    options.durability = .buffered
    return await LocalProcessGroup.run(count: count) { [options] group in
      try await Checkpoint.convert(
        input(group.rank), to: target, options: options, group: group, waitLimit: Self.limit,
        monitor: monitors.isEmpty ? OperationMonitor() : monitors[group.rank])
    }.map { result in failure { _ = try result.get() } }
  }

  @Test func anErrorOfOneRankIsThatOfAll() async throws {
    let directory = try TemporaryDirectory()
    let errors = await converting(
      3, to: directory("out"),
      troubled(3, on: 2) { (_) throws(CoppiceError) in
        throw CoppiceError(.ioFailed, "the disk is gone")
      })
    for error in errors {
      #expect(error?.code == .ioFailed)
      #expect(error?.message == "rank 2 of 3: the disk is gone")
      #expect(error?.location.treePath == "w2")
    }
    #expect(try directory.names.isEmpty)
  }

  @Test func cancellingOneRankCancelsAll() async throws {
    let directory = try TemporaryDirectory()
    let monitors = (0..<3).map { _ in OperationMonitor() }
    let errors = await converting(
      3, to: directory("out"), monitors: monitors,
      troubled(3, on: 1) { (reader) throws(CoppiceError) in
        monitors[2].cancel()
        Thread.sleep(forTimeInterval: 0.3)
      })
    #expect(errors.map { $0?.code } == Array(repeating: .operationCancelled, count: 3))
    #expect(try directory.names.isEmpty)
  }

  @Test func anotherSourceOnARankIsRefused() async throws {
    let directory = try TemporaryDirectory()
    let errors = await converting(3, to: directory("out")) { rank in
      let leaf = ArrayLeaf(TroubledSource(byteCount: rank == 1 ? 5 : 4, at: .max) {})
      return .checkpoint(
        CheckpointContents(
          format: "memory",
          root: .named([.init("state", .tree(.dict([.init("w", .leaf(leaf))])))])))
    }
    for error in errors {
      #expect(error?.code == .structureMismatch)
      #expect(error?.message.contains("rank 1 of 3 read another checkpoint") == true)
    }
    #expect(try directory.names.isEmpty)
  }

  @Test func aRankThatIsLostEndsTheOthers() async throws {
    let directory = try TemporaryDirectory()
    let source = RecognitionTests.fixtures.pushing("orbax-0.12/v1-trainstate/input/ckpt")
    let target = directory("out")
    let results = await LocalProcessGroup.run(count: 3) { group in
      if group.rank == 2 { throw CoppiceError(.ioNoSpace, "full") }
      try await Checkpoint.convert(source, to: target, group: group, waitLimit: Self.limit)
    }
    for result in results.dropLast() {
      let error = try #require(failure { _ = try result.get() })
      #expect(error.message.contains("rank 2 of 3"), "\(error)")
    }
    #expect(try directory.names.isEmpty)
  }

  // MARK: Formats and runs

  @Test(arguments: ["safetensors", "npz", "flax-msgpack", "hdf5"])
  func otherFormatsAreWrittenByOne(_ name: String) async throws {
    let directory = try TemporaryDirectory()
    try directory.checkpoint(
      "source", CheckpointContents(.dict([.init("w", .leaf(try NDArray(floats: [1, 2, 3])))]))
    ) { $0.recordsTimes = false }
    let format = try OutputFormat(named: name)
    #expect(!format.isDivided)
    try await Checkpoint.convert(
      directory("source"), to: directory("one"), options: ConversionOptions(to: format))
    for report in try await together(
      3, directory("source"), to: directory("all"),
      {
        $0.format = format
        // The note is no loss.
        $0.isStrict = true
      })
    {
      let notes = try report.get().notes
      #expect(notes.map(\.kind) == [.division])
      #expect(notes.first?.message.contains("coppice, orbax, orbax-v0") == true)
    }
    #expect(try bytes(directory("one")) == bytes(directory("all")))
    #expect(try directory.names.sorted() == ["all", "one", "source"])
  }

  @Test(arguments: [2, 3]) func runs(_ ranks: Int) async throws {
    let directory = try TemporaryDirectory()
    let source = RecognitionTests.fixtures.pushing("orbax-0.12/v0-manager/input/run")
    try await Checkpoint.convert(source, to: directory("one"))
    for report in try await together(ranks, source, to: directory("all")) { _ = try report.get() }
    try await expectEqual(directory("one"), directory("all"))
    for report in try await together(
      ranks, directory("all"), to: directory("orbax"),
      { $0.format = try OutputFormat(named: "orbax") })
    {
      _ = try report.get()
    }
    try await expectEqual(directory("one"), directory("orbax"))
  }

  @Test func progressIsThatOfAllRanks() async throws {
    let directory = try TemporaryDirectory()
    try directory.checkpoint("source", try large())
    let monitors = (0..<3).map { _ in OperationMonitor() }
    for report in try await together(
      3, directory("source"), to: directory("all"), monitors: monitors)
    {
      _ = try report.get()
    }
    let bytes = 3 * 2000 * 2100 + 4 * 1100 * 2500 + 18 + 12_000_000
    #expect(monitors[0].byteCount == bytes)
    #expect(monitors[0].expectedByteCount == bytes)
    #expect(monitors[2].byteCount < bytes / 2)
  }
}

extension ShardGrid {
  /// The boxes of an array whose first dimension is halved.
  static func halves(of shape: Shape) throws -> [ArrayBox] {
    let counts = shape.dimensions.indices.map { $0 == 0 ? 2 : 1 }
    return Array(try ShardGrid(dividing: shape, into: counts))
  }
}
