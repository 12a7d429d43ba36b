import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Leftovers of saves, and their treatment by the next save: chapter 2.4 of the specification.
struct StagedOutputTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func directoriesAppearWhole() throws {
    let staged = try StagedOutput(.directory, for: directory("run"), replacing: false)
    #expect(try names().allSatisfy { $0.hasPrefix(".run.coppice-tmp-") })
    // DIR-21: the lock is on the directory, so nothing is in it but what is written.
    #expect(try DirectoryHandle(opening: staged.path).entries().isEmpty)
    try write("new", in: staged.path)
    try staged.commit(durability: .durable)
    #expect(try names() == ["run"])
    #expect(try text("run/file") == "new")
  }

  @Test func discardedOnesLeaveNothing() throws {
    let staged = try StagedOutput(.directory, for: directory("run"), replacing: false)
    try write("new", in: staged.path)
    staged.discard()
    #expect(try names().isEmpty)
  }

  @Test(arguments: [StagedOutput.Kind.file, .directory], [true, false])
  func replacesWhateverHasTheName(_ kind: StagedOutput.Kind, _ isDirectory: Bool) throws {
    if isDirectory {
      try OutputDirectory.create(directory("run"))
      try write("old", in: directory("run"))
    } else {
      try OutputFile.create(directory("run"), holding: Array("old".utf8), durability: .buffered)
    }
    #expect(throws: CoppiceError.self) {
      try StagedOutput(kind, for: directory("run"), replacing: false)
    }
    let staged = try StagedOutput(kind, for: directory("run"), replacing: true)
    if kind == .directory { try write("new", in: staged.path) }
    try staged.commit(durability: .buffered)
    #expect(try names() == ["run"])
    if kind == .directory { #expect(try text("run/file") == "new") }
  }

  /// DIR-24: an unlocked temporary is a leftover, whether it is unfinished or was replaced.
  @Test func removesWhatACrashLeft() throws {
    for name in [".run.coppice-tmp-1", ".run.coppice-tmp-2"] {
      try OutputDirectory.create(directory(name))
      try write("left", in: directory(name))
    }
    try OutputFile.create(directory(".run.coppice-tmp-3"), holding: [1], durability: .buffered)
    try OutputDirectory.create(directory(".ran.coppice-tmp-1"))
    StagedOutput.removeLeftovers(of: "run", in: directory.path)
    #expect(try names() == [".ran.coppice-tmp-1"])
  }

  /// DIR-24: a temporary that its writer has locked is left alone.
  @Test(arguments: [StagedOutput.Kind.file, .directory])
  func leavesWhatIsBeingWritten(_ kind: StagedOutput.Kind) throws {
    let staged = try StagedOutput(kind, for: directory("run"), replacing: false)
    let other = try StagedOutput(kind, for: directory("run"), replacing: false)
    #expect(try names().count == 2)
    StagedOutput.removeLeftovers(of: "run", in: directory.path)
    #expect(try names().count == 2)
    try other.commit(durability: .buffered)
    #expect(throws: CoppiceError.self) { try staged.commit(durability: .buffered) }
    #expect(try names() == ["run"])
  }

  /// DIR-24: the lock is on the directory itself, and ends with the writer.
  @Test func finishedOnesAreNotLocked() throws {
    let staged = try StagedOutput(.directory, for: directory("run"), replacing: false)
    try staged.commit(durability: .buffered)
    let descriptor = try FileDescriptor.open(directory("run"), .readOnly)
    #expect(flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0)
    try descriptor.close()
  }

  /// DIR-24: an old version that was renamed aside stays while it may be the only copy.
  @Test func keepsWhatSteppedAsideUntilThereIsAnother() throws {
    try OutputDirectory.create(directory(".run.coppice-old-1"))
    StagedOutput.removeLeftovers(of: "run", in: directory.path)
    #expect(try names() == [".run.coppice-old-1"])
    try OutputDirectory.create(directory("run"))
    StagedOutput.removeLeftovers(of: "run", in: directory.path)
    #expect(try names() == ["run"])
  }

  /// DIR-20: the stem is cut at the end of a character.
  @Test func longNamesAreCut() throws {
    let name = String(repeating: "\u{1F332}", count: 60)
    let staged = try StagedOutput(.directory, for: directory(name), replacing: false)
    let temporary = try #require(staged.path.lastComponent?.string)
    let stem = String(repeating: "\u{1F332}", count: 50)
    #expect(temporary.hasPrefix(".\(stem).coppice-tmp-"))
    try staged.commit(durability: .buffered)
    #expect(try names() == [name])
  }

  private func names() throws -> [String] {
    try DirectoryHandle(opening: directory.path).entries().map(\.name)
  }

  private func write(_ text: String, in folder: FilePath) throws {
    try OutputFile.create(
      folder.appending("file"), holding: Array(text.utf8), durability: .buffered)
  }

  private func text(_ name: String) throws -> String {
    let bytes = try DirectoryHandle(opening: directory.path).allBytes(of: name, limit: 100)
    return String(decoding: bytes, as: UTF8.self)
  }
}
