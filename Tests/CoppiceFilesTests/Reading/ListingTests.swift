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

/// Listings: in order of bytes, with all names, and no deeper than is sane.
struct ListingTests {
  @Test func sortsByBytes() throws {
    let sample = try Sample()
    let names = [
      "b", "a", "B", "10", "9", "é", "e\u{301}", "z", ".x", "a.b", "a-b", "\u{FF5E}", "😀",
    ]
    for name in names { try sample.file(name) }
    let expected = names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    #expect(try sample.names().map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    #expect(
      try sample.handle().allFiles().map { Array($0.utf8) } == expected.map { Array($0.utf8) })
  }

  @Test func tellsKindsApart() throws {
    let sample = try Sample()
    try sample.file("file")
    try sample.folder("folder")
    try sample.pipe("pipe")
    try sample.socket("socket")
    try sample.link("to-file", to: "file")
    try sample.link("to-folder", to: "folder")
    try sample.link("to-nothing", to: "nothing")
    try sample.link("to-outside", to: "/etc")
    let kinds = try sample.handle().entries().reduce(into: [:]) { $0[$1.name] = $1.kind }
    #expect(
      kinds == [
        "file": .file, "folder": .directory, "pipe": .other, "socket": .other, "to-file": .file,
        "to-folder": .directory, "to-nothing": .other, "to-outside": .other,
      ])
    #expect(try sample.handle().allFiles() == ["file", "to-file"])
  }

  @Test func findsFilesOfASizeBelowItselfAlone() throws {
    let sample = try Sample()
    try sample.file("outside", "12345")
    try sample.file("c/inside", "12345")
    try sample.link("c/link", to: "inside")
    try sample.folder("c/folder")
    let directory = try sample.handle().subdirectory("c")
    #expect(directory.holdsFile("inside", byteCount: 5))
    #expect(!directory.holdsFile("inside", byteCount: 4))
    let others = [
      "../outside", "folder/../../outside", "./inside", "folder//../inside", "link", "folder", "",
      sample("outside").string, "inside\0x",
    ]
    for other in others { #expect(!directory.holdsFile(other, byteCount: 5), "\(other)") }
  }

  @Test func listsAgainAndAgain() throws {
    let sample = try Sample()
    try sample.file("a")
    let directory = try sample.handle()
    #expect(try directory.entries().count == 1)
    try sample.file("b")
    #expect(try directory.entries().count == 2)
    #expect(try directory.entries().count == 2)
  }

  @Test func stopsAtTheLimit() throws {
    let sample = try Sample()
    for index in 0..<5 { try sample.file("\(index)") }
    #expect(try sample.handle().entries(limit: 5).count == 5)
    #expect(
      code { _ = try sample.handle().entries(limit: 4) }
        == "file.too-large")
  }

  @Test func findsFilesAtAllDepths() throws {
    let sample = try Sample()
    for name in ["a/b/c", "a/b.c", "a/b/a", "a.x", "d/e"] { try sample.file(name) }
    try sample.folder("empty/below")
    #expect(try sample.handle().allFiles() == ["a.x", "a/b.c", "a/b/a", "a/b/c", "d/e"])
    #expect(try sample.handle().subdirectory("a").allFiles() == ["b.c", "b/a", "b/c"])
  }

  @Test func refusesTooDeepNesting() throws {
    let sample = try Sample()
    try sample.file(Array(repeating: "d", count: 64).joined(separator: "/") + "/x")
    #expect(try sample.handle().allFiles().count == 1)
    #expect(
      code { _ = try sample.handle().allFiles(depth: 63) } == "file.kind"
    )
    try sample.file(Array(repeating: "d", count: 65).joined(separator: "/") + "/x")
    #expect(
      code { _ = try sample.handle().allFiles() } == "file.kind")
  }

  /// Links that lead back up would be walked for ever.
  @Test(.timeLimit(.minutes(5))) func endsWhereLinksLeadRound() throws {
    let sample = try Sample()
    try sample.file("x")
    try sample.link("here", to: ".")
    try sample.link("again", to: ".")
    #expect(
      code { _ = try sample.handle().allFiles() } == "file.kind")
  }

  /// Bytes that are no UTF-8 can't be named in a document, but they don't hide the other names.
  @Test func listsNamesThatAreNoText() throws {
    let sample = try Sample()
    try sample.file("good")
    let odd: [CChar] = Array(sample.path.string.utf8CString.dropLast()) + [0x2F, -1, 0x41, 0]
    let descriptor = creat(odd, 0o666)
    guard descriptor >= 0 else { return }  // a file system that takes only text
    close(descriptor)
    #expect(try sample.names() == ["good", "\u{FFFD}A"])
  }
}
