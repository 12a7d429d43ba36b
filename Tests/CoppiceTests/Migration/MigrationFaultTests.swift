import Coppice
import CoppiceFiles
import CoppiceMaintenance
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import CoppiceVersion0
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whatever ends a migration early, the source is unchanged and nothing else is left.
struct MigrationFaultTests {
  private func migrate(
    _ source: FilePath, to target: Migration.Target, monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) {
    var writing = WriteOptions()
    writing.durability = .buffered
    _ = try Migration.run(
      source, to: target, reading: ReadOptions(), hdf5: .inProcess, symlinks: .inside,
      writing: writing, monitor: monitor)
  }

  private func source(_ id: String, in directory: TemporaryDirectory) throws -> FilePath {
    let example = try #require(Version0Case.all.first { $0.id == id })
    try copy(example.checkpoint, to: directory("run"))
    // The case has a file that isn't the checkpoint's own, which would be in the way.
    try? OutputDirectory.remove(directory("run/notes.txt"))
    return directory("run")
  }

  private func names(in directory: TemporaryDirectory) throws -> [String] {
    try DirectoryHandle(opening: directory.path).entries().map(\.name)
  }

  @Test(arguments: [true, false])
  func cancelled(inPlace: Bool) throws {
    let directory = try TemporaryDirectory()
    let source = try source("valid/directory/composite", in: directory)
    let before = try snapshot(source)
    let monitor = OperationMonitor()
    monitor.cancel()
    do {
      try migrate(source, to: inPlace ? .inPlace : .path(directory("new")), monitor: monitor)
      Issue.record("it wasn't cancelled")
    } catch {
      #expect(error.code == .operationCancelled)
    }
    #expect(try snapshot(source) == before)
    #expect(try names(in: directory) == ["run"])
  }

  /// What isn't the checkpoint's own would be deleted with it.
  @Test(arguments: [
    ("valid/directory/composite", "notes.txt"), ("valid/directory/composite", ".hidden/notes.txt"),
    ("valid/directory/composite", "state/notes.txt"), ("valid/directory/direct", "notes.txt"),
    ("valid/directory/steps", "100/notes.txt"), ("valid/directory/steps", "01/notes.txt"),
  ])
  func otherFilesStay(_ id: String, _ name: String) throws {
    let directory = try TemporaryDirectory()
    let source = try source(id, in: directory)
    try directory.file("run/" + name, "mine".utf8)
    let before = try snapshot(source)
    do {
      try migrate(source, to: .inPlace)
      Issue.record("it was migrated")
    } catch {
      #expect(error.code == .operationNotReplaceable)
      let names = [name, String(name.prefix { $0 != "/" })].map { "\"\($0)\"" }
      #expect(names.contains { error.message.contains($0) })
    }
    #expect(try snapshot(source) == before)
    try migrate(source, to: .path(directory("new")))
    #expect(try snapshot(source) == before)
  }

  @Test func nothingIsWrittenIntoTheSource() throws {
    let directory = try TemporaryDirectory()
    let source = try source("valid/directory/composite", in: directory)
    let before = try snapshot(source)
    for target in [source.appending("new"), source] {
      do {
        try migrate(source, to: .path(target))
        Issue.record("it was migrated")
      } catch {
        #expect(error.code == .usageTarget)
      }
    }
    #expect(try snapshot(source) == before)
  }

  /// The fault shows only when array data are read: after the HDF5 file was begun.
  @Test(arguments: [true, false])
  func failedInTheMiddle(inPlace: Bool) throws {
    let directory = try TemporaryDirectory()
    let source = try source("invalid/arrays/bad-bool", in: directory)
    let before = try snapshot(source)
    do {
      try migrate(source, to: inPlace ? .inPlace : .path(directory("new")))
      Issue.record("the fault wasn't found")
    } catch {
      #expect(error.code.rawValue == "arrays.bad-element")
    }
    #expect(try snapshot(source) == before)
    #expect(try names(in: directory) == ["run"])
  }

  /// A leftover of a killed migration: half a checkpoint under a temporary name, without a lock.
  @Test func cleansUpAfterAKilledOne() throws {
    let directory = try TemporaryDirectory()
    let source = try source("valid/directory/direct", in: directory)
    let half = directory(".run.coppice-tmp-1f")
    try OutputDirectory.create(half)
    try OutputFile.create(half.appending("coppice.json"), holding: [0x7B], durability: .buffered)
    let opened = try Version0Reader.open(
      DirectoryHandle(opening: source), options: ReadOptions(), hdf5: .inProcess)
    #expect({ if case .checkpoint? = opened { true } else { false } }())
    try migrate(source, to: .inPlace)
    #expect(try names(in: directory) == ["run"])
    _ = try CheckpointReader.open(DirectoryHandle(opening: source))
  }

  @Test func failedForLackOfADirectory() throws {
    let directory = try TemporaryDirectory()
    let source = try source("valid/directory/direct", in: directory)
    let before = try snapshot(source)
    #expect(throws: CoppiceError.self) {
      try migrate(source, to: .path(directory("no/such/place")))
    }
    #expect(try snapshot(source) == before)
  }

  @Test func refusesOtherFormats() throws {
    let directory = try TemporaryDirectory()
    try OutputDirectory.create(directory("x"))
    do {
      try migrate(directory("x"), to: .nowhere)
      Issue.record("it was taken for a checkpoint")
    } catch {
      #expect(error.code == .usageNotMigratable)
    }
  }
}
