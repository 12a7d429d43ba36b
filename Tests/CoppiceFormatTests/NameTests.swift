import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Names of checkpointables and paths of files: 2.2 and 2.3.
struct NameTests {
  @Test(arguments: [
    ("state", "state"), ("iterator 1", "iterator%201"), (".hidden", "%2Ehidden"), ("..", "%2E."),
    ("a/b", "a%2Fb"), ("100%", "100%25"), ("\u{E9}", "%C3%A9"),
  ])
  func directoriesAreThoseOfTheTable(_ name: String, _ directory: String) {
    #expect(CheckpointableName.directory(for: name) == directory)
  }

  /// DIR-6: full case folding, as `str.casefold` of Python does it.
  @Test(arguments: [
    ("State", "sTATE"), ("stra\u{DF}e", "STRASSE"), ("\u{1E9E}", "SS"), ("\u{E9}", "E\u{301}"),
    ("\u{3C2}", "\u{3A3}"), ("\u{FB03}", "FFI"), ("\u{212A}", "k"), ("\u{AB70}", "\u{13A0}"),
    ("\u{1F80}", "\u{1F08}\u{399}"), ("\u{130}", "i\u{307}"), ("\u{1E921}", "\u{1E943}"),
    ("\u{B5}", "\u{39C}"),
  ])
  func namesCollide(_ left: String, _ right: String) {
    let faults = CheckpointableName.collisions([left, right], isTopLevel: true)
    #expect(faults.map(\.code) == [.directoryNameCollision])
  }

  @Test(arguments: [
    ("a", "b"), ("\u{131}", "i"), ("\u{131}", "I"), ("\u{3B1}", "a"), ("\u{FF41}", "a"),
    ("a\u{308}", "a"),
  ])
  func namesDiffer(_ left: String, _ right: String) {
    #expect(CheckpointableName.collisions([left, right], isTopLevel: true).isEmpty)
  }

  @Test func nameOfTheRootDocumentIsTaken() {
    #expect(CheckpointableName.collisions(["Coppice.JSON"], isTopLevel: true).count == 1)
    #expect(CheckpointableName.collisions(["Coppice.JSON"], isTopLevel: false).isEmpty)
    #expect(CheckpointableName.fault(in: "coppice.json", isTopLevel: false) == nil)
  }

  @Test func writersRefuseLists() {
    #expect(throws: Never.self) {
      try ListedPath.check(["a", "a.b", "b/c", "b/d", "b-"])
    }
    for paths in [["a/b", "a"], ["a", "a"], ["a", "a.b", "a/b/c"], [""], ["."], ["x/.."]] {
      #expect(code { try ListedPath.check(paths) } == "directory.bad-path", "\(paths)")
    }
  }
}
