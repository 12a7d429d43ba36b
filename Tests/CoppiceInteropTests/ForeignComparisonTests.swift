import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// A checkpoint and its conversion are the same, whatever the format of the one.
struct ForeignComparisonTests {
  private static let fixtures = Specification.package.appending("fixtures/foreign")

  private static func input(_ name: String) throws -> FilePath {
    let directory = fixtures.pushing(FilePath(name)).appending("input")
    // The checkpoint is either the input directory or an entry of it.
    let handle = try DirectoryHandle(opening: directory)
    let entries = try handle.entries()
    if (try? CheckpointOpener.open(directory, options: OpenOptions(formats: .all))) != nil {
      return directory
    }
    let only = try #require(entries.first)
    return directory.appending(only.name)
  }

  private func open(_ path: FilePath) throws -> CheckpointContents {
    let input = try CheckpointOpener.open(path, options: OpenOptions(formats: .all))
    guard case .checkpoint(let contents) = input else {
      throw CoppiceError(.castOutOfRange, "a run of steps")
    }
    return contents
  }

  @Test(arguments: [
    "orbax-0.12/v1-richtypes", "orbax-0.12/v1-dtypes-exotic-z2", "orbax-0.12/v1-sharded-chunked",
    "orbax-0.12/v1-checkpointables", "orbax-0.12/v1-prng", "orbax-0.12/v0-composite",
    "orbax-0.12/v1-scalars", "safetensors/numpy", "safetensors/sharded",
  ])
  func conversionsAreTheSame(_ name: String) throws {
    let path = try Self.input(name)
    let directory = try TemporaryDirectory()
    var options = ConversionOptions()
    options.writing.durability = .buffered
    options.writing.tree.zstdLevel = 1
    _ = try Conversion.run(
      try CheckpointOpener.open(path, options: OpenOptions(formats: .all)),
      to: directory("converted"), options: options,
      monitor: OperationMonitor())
    var comparison = ComparisonOptions()
    comparison.comparesOrder = true
    let result = try Comparison.run(
      .checkpoint(try open(path)), .checkpoint(try open(directory("converted"))),
      options: comparison)
    #expect(result.differences.map(\.description) == [])
    #expect(result.arrayCount > 0)
  }

  @Test func twoCheckpointsDiffer() throws {
    let a = try open(try Self.input("orbax-0.12/v1-scalars"))
    let b = try open(try Self.input("orbax-0.12/v1-prng"))
    #expect(try !Comparison.run(.checkpoint(a), .checkpoint(b)).isEqual)
  }
}
