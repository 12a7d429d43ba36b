import Coppice
import CoppiceInterop
import Testing

@testable import CoppiceCommands

/// Notes that say the same about many nodes are one line; nothing that is lost is hidden.
struct NoteListTests {
  @Test func notesThatAreAlikeAreCounted() {
    let notes = [
      ConversionNote(.sharding, "the sharding is left out", treePath: "a"),
      ConversionNote(.integerKey, "the key 7 became text", treePath: "b"),
      ConversionNote(.sharding, "the sharding is left out", treePath: "c"),
      ConversionNote(.integerKey, "the key 12 became text", treePath: "d"),
      ConversionNote(.sharding, "the sharding is left out", treePath: "e"),
    ]
    #expect(
      NoteList(notes).lines(isVerbose: false) == [
        "a: the sharding is left out [sharding] (2 more like it)",
        "b: the key 7 became text [integer-key] (1 more like it)",
        "--verbose lists all 5 notes",
      ])
    #expect(Set(NoteList(notes).lines(isVerbose: true)) == Set(notes.map(\.description)))
  }

  @Test func differentReasonsStayApart() {
    let notes = ["argparse.Namespace", "numpy.float32"].map {
      ConversionNote(.unsupported, "left out: an object of the class \($0)", treePath: "x")
    }
    #expect(NoteList(notes).lines(isVerbose: false) == notes.map(\.description))
  }

  @Test func eachDamagedThingIsNamed() {
    let notes = (0..<5).map { ConversionNote(.damaged, "left out", treePath: "layer/\($0)") }
    #expect(NoteList(notes).lines(isVerbose: false) == notes.map(\.description))
  }
}
