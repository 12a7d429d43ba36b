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

  /// DIR-6: letters of ASCII alone.
  @Test(arguments: [("State", "sTATE"), ("az AZ", "AZ az"), ("\u{E9}Z", "\u{E9}z")])
  func namesCollide(_ left: String, _ right: String) {
    let faults = CheckpointableName.collisions([left, right], isTopLevel: true)
    #expect(faults.map(\.code) == [.directoryNameCollision])
  }

  @Test(arguments: [
    ("a", "b"), ("[", "{"), ("@", "`"), ("\u{E9}", "E\u{301}"), ("\u{E9}", "e\u{301}"),
    ("\u{E9}", "\u{C9}"), ("\u{DF}", "SS"), ("\u{212A}", "k"), ("\u{131}", "i"), ("\u{131}", "I"),
    ("\u{3B1}", "a"), ("\u{FF41}", "a"),
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
