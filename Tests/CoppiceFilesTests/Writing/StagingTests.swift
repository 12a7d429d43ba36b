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

/// A result appears whole under its name, or not at all.
struct StagingTests {
  static let kinds: [StagedOutput.Kind] = [.file, .directory]

  /// Puts something into a temporary that tests can recognise.
  static func fill(_ staged: StagedOutput, _ kind: StagedOutput.Kind, _ text: String) throws {
    switch kind {
    case .file:
      try OutputFile(at: staged.path, creating: false).write(Array(text.utf8), at: 0)
    case .directory:
      try OutputFile.create(
        staged.path.appending("x"), holding: Array(text.utf8), durability: .buffered)
    }
  }

  static func text(_ path: FilePath, _ kind: StagedOutput.Kind) throws -> String {
    try Sample.text(kind == .file ? path : path.appending("x"))
  }

  @discardableResult
  static func save(
    _ kind: StagedOutput.Kind, to path: FilePath, _ text: String, replacing: Bool = false,
    durability: Durability = .buffered
  ) throws -> FilePath {
    let staged = try StagedOutput(kind, for: path, replacing: replacing)
    try fill(staged, kind, text)
    try staged.commit(durability: durability)
    return staged.path
  }

  @Test(arguments: kinds, [Durability.durable, .buffered])
  func appearsOnCommitAndNotBefore(_ kind: StagedOutput.Kind, _ durability: Durability) throws {
    let sample = try Sample()
    let staged = try StagedOutput(kind, for: sample("result"), replacing: false)
    try Self.fill(staged, kind, "new")
    #expect(try sample.names().count == 1)
    #expect(try !sample.names().contains("result"))
    try staged.commit(durability: durability)
    #expect(try sample.names() == ["result"])
    #expect(try Self.text(sample("result"), kind) == "new")
    if kind == .directory { #expect(try sample.names("result") == ["x"]) }
  }

  /// DIR-20: `.<stem>.coppice-tmp-<id>` beside the target, the id in lower-case hexadecimal digits.
  @Test(arguments: kinds) func theTemporaryIsNamedForItsTarget(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    for name in [
      "result", "a b", "é", "e\u{301}", "%", "--", "a\nb", "日本語", "x.coppice-tmp-1", "*",
    ] {
      let staged = try StagedOutput(kind, for: sample(name), replacing: false)
      let found = try #require(try sample.names().first)
      let prefix = Array(".\(name).coppice-tmp-".utf8)
      #expect(found.utf8.starts(with: prefix), "\(found)")
      let identifier = found.utf8.dropFirst(prefix.count)
      #expect(!identifier.isEmpty)
      #expect(identifier.allSatisfy { Array("0123456789abcdef".utf8).contains($0) })
      #expect(staged.path == sample(found))
      try Self.fill(staged, kind, name)
      try staged.commit(durability: .buffered)
      #expect(try sample.names().map { Array($0.utf8) } == [Array(name.utf8)])
      #expect(try Self.text(sample(name), kind) == name)
      try OutputDirectory.remove(sample(name))
    }
  }

  /// The stem is cut at 200 bytes, at the end of a character: the temporary's name fits anywhere.
  @Test(arguments: kinds, ["a", "é", "日", "e\u{301}", "👩‍👩‍👧‍👦"])
  func takesTheLongestNames(_ kind: StagedOutput.Kind, _ unit: String) throws {
    let sample = try Sample()
    var name = String(repeating: unit, count: 255 / unit.utf8.count)
    name += String(repeating: "b", count: 255 - name.utf8.count)
    let staged = try StagedOutput(kind, for: sample(name), replacing: false)
    let found = try #require(try sample.names().first)
    #expect(found.utf8.count <= 255)
    #expect(!found.contains("\u{FFFD}"))
    let stem = try #require(found.firstRange(of: ".coppice-tmp-")).lowerBound
    let bytes = found.utf8[..<stem].dropFirst()
    #expect(bytes.count <= 200)
    #expect(bytes.count > 200 - max(unit.utf8.count, 4))
    #expect(name.utf8.starts(with: bytes))
    try Self.fill(staged, kind, "long")
    try staged.commit(durability: .buffered)
    #expect(try sample.names() == [name])
  }

  @Test(arguments: kinds) func discardLeavesNothing(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    try Self.save(kind, to: sample("kept"), "kept")
    for isReplacing in [false, true] {
      let target = sample(isReplacing ? "kept" : "new")
      let staged = try StagedOutput(kind, for: target, replacing: isReplacing)
      try Self.fill(staged, kind, "half")
      staged.discard()
      staged.discard()
      #expect(try sample.names() == ["kept"])
      do {
        let forgotten = try StagedOutput(kind, for: target, replacing: isReplacing)
        try Self.fill(forgotten, kind, "half")
      }
      #expect(try sample.names() == ["kept"])
    }
    #expect(try Self.text(sample("kept"), kind) == "kept")
  }

  @Test func discardRemovesAllThatWasMade() throws {
    let sample = try Sample()
    try sample.file("precious/x", "precious")
    let staged = try StagedOutput(.directory, for: sample("result"), replacing: false)
    let inner = try OutputDirectory.createAll(["a", "b", "c"], below: staged.path)
    try OutputFile.create(inner.appending("f"), holding: [1], durability: .buffered)
    try Sample.check(symlink(sample("precious").string, inner.string + "/link"))
    try Sample.check(mkfifo(staged.path.string + "/pipe", 0o600))
    staged.discard()
    #expect(try sample.names() == ["precious"])
    #expect(try Sample.text(sample("precious/x")) == "precious")
  }

  @Test(arguments: kinds) func refusesAnExistingTarget(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    try sample.file("file", "old")
    try sample.file("folder/x", "old")
    try sample.folder("empty")
    try sample.link("dangling", to: "nothing")
    try sample.pipe("pipe")
    let names = try sample.names()
    for name in names {
      do throws(CoppiceError) {
        _ = try StagedOutput(kind, for: sample(name), replacing: false)
        Issue.record("accepted \(name)")
      } catch {
        #expect(error.code.rawValue == "operation.exists")
        #expect(error.message.contains("`replacingExisting`"))
        #expect(error.location.file == sample(name).string)
      }
    }
    #expect(try sample.names() == names)
  }

  /// When two saves have the same target, the second one to finish fails and deletes nothing.
  @Test(arguments: kinds, ["file", "folder", "empty"])
  func refusesATargetThatCameMeanwhile(_ kind: StagedOutput.Kind, _ other: String) throws {
    let sample = try Sample()
    let staged = try StagedOutput(kind, for: sample("result"), replacing: false)
    try Self.fill(staged, kind, "late")
    switch other {
    case "file": try sample.file("result", "early")
    case "folder": try sample.file("result/x", "early")
    default: try sample.folder("result")
    }
    #expect(
      code { try staged.commit(durability: .durable) }
        == "operation.exists")
    #expect(try sample.names() == ["result"])
    if other != "empty" {
      #expect(try Self.text(sample("result"), other == "file" ? .file : .directory) == "early")
    } else {
      #expect(try sample.names("result").isEmpty)
    }
  }

  @Test(arguments: kinds, [Durability.durable, .buffered])
  func replacesOnlyOnCommit(_ kind: StagedOutput.Kind, _ durability: Durability) throws {
    let sample = try Sample()
    try Self.save(kind, to: sample("result"), "old")
    let staged = try StagedOutput(kind, for: sample("result"), replacing: true)
    try Self.fill(staged, kind, "new")
    #expect(try Self.text(sample("result"), kind) == "old")
    let old = try InputFile(
      opening: kind == .file ? sample("result") : sample("result").appending("x"))
    try staged.commit(durability: durability)
    #expect(try Self.text(sample("result"), kind) == "new")
    #expect(try sample.names() == ["result"])
    // A reader that has the old file open can still read it.
    #expect(try old.allBytes(limit: 9) == Array("old".utf8))
  }

  @Test(arguments: kinds) func replacesWhatIsOfAnotherKind(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    try sample.file("elsewhere/x", "precious")
    try sample.file("a", "file")
    try sample.file("b/deep/x", "folder")
    try sample.link("c", to: "elsewhere")
    try sample.link("d", to: "nothing")
    for name in ["a", "b", "c", "d", "e"] {
      try Self.save(kind, to: sample(name), "new", replacing: true)
      #expect(try Self.text(sample(name), kind) == "new")
    }
    #expect(try sample.names() == ["a", "b", "c", "d", "e", "elsewhere"])
    #expect(try Sample.text(sample("elsewhere").appending("x")) == "precious")
  }

  @Test(arguments: ["", "..", ".", "/", "a/.."])
  func refusesATargetWithoutAName(_ name: String) throws {
    #expect(
      code {
        _ = try StagedOutput(.directory, for: FilePath(name), replacing: true)
      } == "usage.path")
  }

  @Test(arguments: kinds) func takesATrailingSlash(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    try Self.save(kind, to: FilePath(sample("result").string + "/"), "new")
    #expect(try Self.text(sample("result"), kind) == "new")
  }

  @Test(arguments: kinds) func saysThatTheParentIsMissing(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    #expect(
      code {
        _ = try StagedOutput(kind, for: sample("no").appending("result"), replacing: false)
      } == "io.not-found")
    try sample.file("file")
    #expect(
      code {
        _ = try StagedOutput(kind, for: sample("file").appending("result"), replacing: false)
      } == "io.not-found")
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser may write everywhere"), arguments: kinds)
  func saysThatTheParentCantBeWritten(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    try sample.folder("closed")
    try Sample.check(chmod(sample("closed").string, 0o555))
    defer { chmod(sample("closed").string, 0o755) }
    #expect(
      code {
        _ = try StagedOutput(kind, for: sample("closed").appending("result"), replacing: false)
      } == "io.permission")
  }
}
