import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// No file of arrays is larger than the limit, headers and all, unless a note names an array that needs it.
struct FileSizeTests {
  /// Arrays of many sizes, so that no even distribution fits.
  private static func tree(_ sizes: [Int]) throws -> CheckpointContents {
    var random = SeededGenerator(seed: 11)
    let entries = try sizes.enumerated().map { index, size in
      // Random bytes, which no compression makes smaller.
      let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
      let array = try NDArray(dtype: .uint8, shape: #require(Shape([size])), bytes: bytes)
      return Tree<NDArray>.Entry(.string("layer_\(index).weight"), .leaf(array))
    }
    return CheckpointContents(.dict(entries))
  }

  private static func sizes(below path: FilePath) throws -> [String: Int] {
    var sizes: [String: Int] = [:]
    let directory = try DirectoryHandle(opening: path)
    for name in try directory.allFiles() {
      var file = path
      for part in name.split(separator: "/") { file = file.appending(String(part)) }
      sizes[name] = try InputFile(opening: file).byteCount
    }
    return sizes
  }

  private static let mixed =
    [300_000, 90_000, 20_000, 250_000, 1, 70_000, 330_000, 0, 110_000]
    + Array(repeating: 9_000, count: 40)

  @Test(
    arguments: [
      ("coppice", nil), ("coppice", .zstd(level: 1)), ("safetensors", nil), ("orbax", nil),
      ("orbax", CompressionChoice.uncompressed), ("orbax-v0", nil),
    ] as [(String, CompressionChoice?)])
  func filesAreAsSmallAsAsked(_ format: String, _ compression: CompressionChoice?) throws {
    let directory = try TemporaryDirectory()
    let contents = try Self.tree(Self.mixed)
    let limit = 400_000
    var options = ConversionOptions(to: try OutputFormat(named: format))
    options.maximumFileBytes = limit
    options.compression = compression
    options.durability = .buffered
    let report = try Conversion.run(
      .checkpoint(contents), to: directory.path.appending("out"), options: options,
      monitor: OperationMonitor())
    #expect(report.notes.filter { $0.kind == .fileSize }.isEmpty)
    let sizes = try Self.sizes(below: directory.path.appending("out"))
    #expect(sizes.values.reduce(0, +) > 1_500_000 && sizes.count > 4)
    for (name, size) in sizes { #expect(size <= limit, "\(name)") }
    let written = try CheckpointOpener.open(
      directory.path.appending("out"), options: OpenOptions(formats: .all))
    guard case .checkpoint(let result) = written else {
      Issue.record("no checkpoint")
      return
    }
    #expect(try result.tree()?.leafCount == Self.mixed.count)
  }

  @Test(arguments: ["coppice", "safetensors"])
  func anArrayThatIsLargerIsNamed(_ format: String) throws {
    let directory = try TemporaryDirectory()
    let contents = try Self.tree(Self.mixed)
    var options = ConversionOptions(to: try OutputFormat(named: format))
    options.maximumFileBytes = 200_000
    options.durability = .buffered
    options.isStrict = true
    let report = try Conversion.run(
      .checkpoint(contents), to: directory.path.appending("out"), options: options,
      monitor: OperationMonitor())
    let named = report.notes.filter { $0.kind == .fileSize }.map(\.treePath)
    #expect(named == ["layer_0.weight", "layer_3.weight", "layer_6.weight"])
    let sizes = try Self.sizes(below: directory.path.appending("out"))
    #expect(sizes.values.count { $0 > 200_000 } == 3)
  }

  /// Small arrays that share datasets of one file in large trees are no exception.
  @Test func packedArraysAreDistributedToo() throws {
    let directory = try TemporaryDirectory()
    let contents = try Self.tree(Array(repeating: 700, count: 1_200))
    var options = ConversionOptions()
    options.maximumFileBytes = 400_000
    options.durability = .buffered
    try Conversion.run(
      .checkpoint(contents), to: directory.path.appending("out"), options: options,
      monitor: OperationMonitor())
    for (name, size) in try Self.sizes(below: directory.path.appending("out"))
    where name.hasSuffix(".h5") {
      #expect(size <= 400_000, "\(name)")
    }
  }
}
