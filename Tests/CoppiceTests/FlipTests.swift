import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One flipped bit in any byte of any file is found by validation at level data: no exemptions.
///
/// One byte of each sixteen, chosen at random but the same in every run; each bit in turn, so that all eight are
/// flipped in each 128 bytes. `COPPICE_EXHAUSTIVE=1` tries all bytes, as `make test-faults` does.
struct FlipTests {
  @Test func everyByteOfAnIndependentCheckpointCounts() throws {
    try check { path in try ExampleCopy.copy("tour", to: path) }
  }

  @Test func everyByteOfOurOwnCheckpointCounts() throws {
    let contents = try Self.contents()
    try check([.pieces]) { path in
      var options = WriteOptions()
      options.durability = .buffered
      options.tree.shards = RoundTripTests.Layout.halves
      options.tree.zstdLevel = 3
      options.tree.chunkBytes = 700
      options.tree.dataFiles = 2
      options.tree.pieceBytes = 16
      options.tree.packing?.leafCount = 0
      options.tree.packing?.leafBytes = 64
      try CheckpointWriter.write(contents, to: path, options: options)
    }
  }

  /// Sharded and compressed leaves, packed ones, values, JSON, files and a composite.
  private static func contents() throws -> CheckpointContents {
    var generator = TreeGenerator(seed: 21)
    let count = try #require(Shape([64, 32]))
    let even = try NDArray(
      dtype: .int16, shape: count, bytes: (0..<4096).map { UInt8($0 / 64) })
    let tree: Tree<NDArray> = .dict([
      .init("even", .leaf(even)), .init("noise", .leaf(try generator.array(.uint8, [9, 7]))),
      .init("small", .list([.leaf(try generator.array(.bfloat16, [3])), .value(.bool(true))])),
      .init("step", .leaf(try generator.array(.int32, []))),
      .init("none", .leaf(try generator.array(.float32, [0]))),
    ])
    let config: JSON = .object([
      .init("layers", .array([.number("3")])), .init("nan", .number("NaN")),
    ])
    var contents = CheckpointContents(
      format: "memory",
      root: .named([
        .init("config", .composite([.init("inner", .json(config))])),
        .init("iterator", .files([.init(path: "a/b", bytes: MemoryBytes([1, 2, 3]))])),
        .init("state", .tree(tree.mapLeaves { _, array in ArrayLeaf(array) })),
      ]))
    contents.step = 7
    contents.metrics = .object([.init("loss", .number("0.5"))])
    return contents
  }

  /// A byte of a file.
  private struct Place: Sendable {
    var file: String
    var offset: Int
  }

  /// Each worker flips in a copy of its own.
  private func check(
    _ more: [Feature] = [], _ make: @Sendable (FilePath) throws -> Void
  ) throws {
    let directory = try TemporaryDirectory()
    let width = ParallelWork.processorCount
    for worker in 0..<width { try make(directory("\(worker)")) }
    let first = try DirectoryHandle(opening: directory("0"))
    let root = try RootDocument(parsing: try first.allBytes(of: "coppice.json", limit: 1 << 20))
    #expect(
      root.requiredFeatures.isSuperset(
        of: [.chunked, .composite, .multiFile, .packed, .sharded, .zstd] + more))
    let files = try first.allFiles()
    var places: [Place] = []
    var byteCount = 0
    var random = SeededGenerator(seed: 41)
    let window = getenv("COPPICE_EXHAUSTIVE") == nil ? 16 : 1
    for file in files {
      let count = try first.allBytes(of: file, limit: 1 << 24).count
      byteCount += count
      for start in stride(from: 0, to: count, by: window) {
        let offset = Int.random(in: start..<min(start + window, count), using: &random)
        places.append(Place(file: file, offset: offset))
      }
    }
    #expect(files.contains("state/arrays.1.h5") && byteCount > 10_000)
    let missed = Mutex<[String]>([])
    let all = places
    try ParallelWork.run(count: width, width: width) { (worker) throws(CoppiceError) in
      let path = directory("\(worker)")
      let handle = try DirectoryHandle(opening: path)
      defer {
        // All bits must be restored at the end.
        let found = try? Validator.run(handle, level: .data)
        if found?.isEmpty != true { missed.withLock { $0.append("unchanged") } }
      }
      for index in stride(from: worker, to: all.count, by: width) {
        let place = all[index]
        let isFound = try Self.flipped(place, bit: index / width % 8, in: path) {
          () throws(CoppiceError) in
          try Validator.run(handle, level: .data).contains { $0.severity == .error }
        }
        if !isFound { missed.withLock { $0.append("\(place.file):\(place.offset)") } }
      }
    }
    #expect(missed.withLock { $0 } == [])
  }

  /// Runs a check with one bit flipped.
  private static func flipped(
    _ place: Place, bit: Int, in directory: FilePath,
    _ check: () throws(CoppiceError) -> Bool
  ) throws(CoppiceError) -> Bool {
    do {
      let file = try FileDescriptor.open(
        FilePath(directory.string + "/" + place.file), .readWrite)
      defer { try? file.close() }
      var byte: UInt8 = 0
      _ = try withUnsafeMutableBytes(of: &byte) {
        try file.read(fromAbsoluteOffset: Int64(place.offset), into: $0)
      }
      func write(_ value: UInt8) throws {
        _ = try withUnsafeBytes(of: value) {
          try file.writeAll(toAbsoluteOffset: Int64(place.offset), $0)
        }
      }
      try write(byte ^ 1 << UInt8(bit))
      defer { try? write(byte) }
      return try check()
    } catch let error as CoppiceError {
      throw error
    } catch {
      throw CoppiceError(.ioShortRead, "\(error)")
    }
  }
}
