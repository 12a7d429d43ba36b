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

/// Names from documents: plain ones are found, all others are refused without a system call.
struct NameTests {
  @Test(arguments: [
    "..", "../x", "a/..", "a/../b", "a/../../x", "/etc/passwd", "/", "//", "a//b", "a/", ".", "./a",
    "a/.", "a/./b", "a\u{0}b", "\u{0}", "../", "/..",
  ])
  func refusesWhatIsNoPlainPath(_ name: String) throws {
    let sample = try Sample()
    try sample.file("a/b", "x")
    let directory = try sample.handle()
    #expect(code { _ = try directory.open(name) } == "file.outside")
    #expect(
      code { _ = try directory.subdirectory(name) } == "file.outside")
    #expect(code { _ = try directory.kind(of: name) } == "file.outside")
  }

  @Test func messagesShowNoControlCharacters() throws {
    let sample = try Sample()
    do throws(CoppiceError) {
      _ = try sample.handle().open("a\u{1B}[31m/../\n")
      Issue.record("opened")
    } catch {
      #expect(!error.description.contains { $0 == "\u{1B}" || $0.isNewline })
      #expect(error.message.contains("\\u{1b}[31m"))
    }
  }

  @Test(arguments: [
    "...", "..a", "a..", "-", "~", " ", "*", "\\", "a\nb", "%2F", "é", "e\u{301}", "\u{202E}x",
    "日本",
    ".hidden", ":", "C:", "\"", "'", "a.b-c_d",
  ])
  func findsFilesOfOddNames(_ name: String) throws {
    let sample = try Sample()
    try sample.file(name, "here")
    try sample.file("in/" + name, "below")
    let directory = try sample.handle()
    #expect(try directory.text(name) == "here")
    #expect(try directory.text("in/" + name) == "below")
    #expect(try directory.subdirectory("in").text(name) == "below")
  }

  @Test func keepsUnicodeSpellingsApart() throws {
    let sample = try Sample()
    try sample.file("\u{E9}", "composed")
    try sample.file("e\u{301}", "decomposed")
    let directory = try sample.handle()
    #expect(try directory.text("\u{E9}") == "composed")
    #expect(try directory.text("e\u{301}") == "decomposed")
  }

  @Test func theEmptyNameIsTheDirectoryItself() throws {
    let sample = try Sample()
    try sample.file("x")
    #expect(try sample.handle().kind(of: "") == .directory)
    #expect(try sample.handle().subdirectory("").entries().map(\.name) == ["x"])
    #expect(
      code { _ = try sample.handle().open("") } == "file.kind")
  }

  @Test func saysWhatIsMissing() throws {
    let sample = try Sample()
    try sample.file("a/b")
    let inner = try sample.handle().subdirectory("a")
    do throws(CoppiceError) {
      _ = try inner.open("c")
      Issue.record("opened")
    } catch {
      #expect(error.code.rawValue == "file.missing")
      #expect(error.location.file == "a/c")
    }
    #expect(try inner.kind(of: "c") == nil)
    #expect(try inner.kind(of: "b/c") == nil)
    #expect(code { _ = try inner.open("b/c") } == "file.kind")
    #expect(try !inner.hasFile("c"))
    #expect(try !inner.hasDirectory("b"))
  }

  @Test func theUsersOwnPathIsAnIOError() throws {
    let sample = try Sample()
    #expect(code { _ = try sample.handle("none") } == "io.not-found")
    #expect(
      code { _ = try InputFile(opening: sample("none")) }
        == "io.not-found")
    try sample.file("file")
    #expect(code { _ = try sample.handle("file") } == "io.not-found")
  }

  /// An open directory keeps its contents when another directory takes its name.
  @Test func readsOneGeneration() throws {
    let sample = try Sample()
    try sample.file("c/x", "old")
    let directory = try sample.handle("c")
    try sample.file("d/x", "new")
    try Sample.check(rename(sample("c").string, sample("old").string))
    try Sample.check(rename(sample("d").string, sample("c").string))
    #expect(try directory.text("x") == "old")
    #expect(try directory.entries().map(\.name) == ["x"])
    #expect(try sample.handle("c").text("x") == "new")
  }
}
