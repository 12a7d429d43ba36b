import Coppice
import CoppiceFiles
import CoppiceFormat
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

/// Migration gives what the reader gives, and never harms the source.
struct MigrationTests {
  private func migrate(
    _ source: FilePath, to target: Migration.Target,
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> MigrationReport {
    var writing = WriteOptions()
    writing.durability = .buffered
    return try Migration.run(
      source, to: target, reading: ReadOptions(), hdf5: .inProcess, symlinks: .inside,
      writing: writing, monitor: monitor)
  }

  private func names(in path: FilePath) throws -> [String] {
    try DirectoryHandle(opening: path).entries().map(\.name)
  }

  private func find(_ id: String) throws -> Version0Case {
    try #require(Version0Case.all.first { $0.id == id })
  }

  @Test(arguments: Version0Case.all.filter(\.loads))
  func keepsEverything(_ example: Version0Case) throws {
    let directory = try TemporaryDirectory()
    let before = try snapshot(example.checkpoint)
    _ = try migrate(example.checkpoint, to: .path(directory("new")))
    #expect(try snapshot(example.checkpoint) == before)
    let new = try DirectoryHandle(opening: directory("new"))
    switch try #require(try example.open()) {
    case .checkpoint(let opened):
      try compare(try CheckpointReader.open(new), opened.contents)
      let found = try Validator.run(
        new, level: .data, limits: .standard, hdf5: .inProcess, monitor: OperationMonitor())
      #expect(found.isEmpty, "\(found.map(\.fault.description))")
    case .steps(let old):
      let steps = try #require(try RunReader.open(new))
      #expect(steps.steps.map(\.number) == old.steps.steps.map(\.number))
      for (step, other) in zip(steps.steps, old.steps.steps) {
        try compare(try step.open(), try other.open())
      }
    }
  }

  private func compare(_ new: CheckpointContents, _ old: CheckpointContents) throws {
    #expect(new.step == old.step)
    #expect(new.custom == old.custom)
    #expect(new.metrics == nil && new.initTime == nil && new.commitTime == nil)
    #expect(new.parts.map(\.name).sorted() == old.parts.map(\.name).sorted())
    for part in new.parts {
      let other = try #require(old.parts.first { $0.name == part.name })
      switch (try part.value, try other.value) {
      case (.tree(let tree), .tree(let same)):
        #expect(try tree.loaded().difference(from: same.loaded()) == nil)
      case (.json(let json), .json(let same)): #expect(json == same)
      case (.files(let files), .files(let same)):
        #expect(files.map(\.path) == same.map(\.path))
      default: Issue.record("\(part.name) changed its kind")
      }
    }
  }

  @Test func linksFilesInsteadOfCopying() throws {
    let directory = try TemporaryDirectory()
    let composite = try find("valid/directory/composite")
    // On one file system.
    try copy(composite.checkpoint, to: directory("old"))
    _ = try migrate(directory("old"), to: .path(directory("new")))
    let name = "iterator/part/0.txt"
    let old = try FileDescriptor.open(directory("old").appending(name), .readWrite)
    try old.closeAfter { _ = try old.writeAll(toAbsoluteOffset: 0, "POSITION".utf8) }
    let seen = try snapshot(directory("new"))[name]
    #if os(Linux)
      #expect(seen == Array("POSITION 17\n".utf8))
    #else
      #expect(seen == Array("position 17\n".utf8))
    #endif
  }

  @Test func takesTheNameOfTheSource() throws {
    let directory = try TemporaryDirectory()
    let composite = try find("valid/directory/composite")
    try copy(composite.checkpoint, to: directory("run"))
    try OutputDirectory.remove(directory("run/notes.txt"))
    let report = try migrate(directory("run"), to: .inPlace)
    #expect(report.result?.lastComponent == "run")
    #expect(try names(in: directory.path) == ["run"])
    guard case .checkpoint(let opened)? = try composite.open() else { return }
    try compare(
      try CheckpointReader.open(DirectoryHandle(opening: directory("run"))), opened.contents)
    // And once more: there is nothing to do.
    let before = try snapshot(directory("run"))
    let again = try migrate(directory("run"), to: .inPlace)
    #expect(again.isCurrent && again.result == nil)
    #expect(try snapshot(directory("run")) == before)
  }

  @Test func followsALinkToTheSource() throws {
    let directory = try TemporaryDirectory()
    try copy(try find("valid/directory/direct").checkpoint, to: directory("real"))
    try #require(symlink("real", directory("link").string) == 0)
    _ = try migrate(directory("link"), to: .inPlace)
    #expect(try names(in: directory.path) == ["link", "real"])
    #expect(try names(in: directory("real")).contains("coppice.json"))
    var status = stat()
    #expect(lstat(directory("link").string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func writesNothingWhenDry() throws {
    let directory = try TemporaryDirectory()
    let list = try find("tolerated/versioning/inferred-list")
    try copy(list.checkpoint, to: directory("old"))
    let before = try snapshot(directory.path)
    let report = try migrate(directory("old"), to: .nowhere)
    #expect(report.result == nil)
    #expect(report.notes.map(\.kind) == [.metadata, .structure, .structure, .structure])
    #expect(report.notes.map(\.treePath) == ["", "layers", "opt", "opt/1"])
    #expect(try snapshot(directory.path) == before)
  }

  @Test func neverReplacesATarget() throws {
    let directory = try TemporaryDirectory()
    try OutputDirectory.create(directory("taken"))
    let direct = try find("valid/directory/direct")
    #expect(throws: CoppiceError(.operationExists, "", at: .init(file: directory("taken").string)))
    {
      try migrate(direct.checkpoint, to: .path(directory("taken")))
    }
    #expect(try names(in: directory.path) == ["taken"])
  }
}
