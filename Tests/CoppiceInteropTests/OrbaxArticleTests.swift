import Coppice
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The article *Coming from Orbax*, and the examples of Orbax's own pages that differ here.
struct OrbaxArticleTests {
  @Test func theCodeRuns() async throws {
    let directory = try TemporaryDirectory()
    let step = LayoutTableTests.fixture("foreign/orbax-0.12/v0-manager-single/input/run/9")
    let copy = directory("copy")

    let opening = OpenOptions(formats: .all)
    let tree = try await Checkpoint.load(from: step, opening: opening)
    try await Checkpoint.save(tree, to: copy)

    #expect(try await Checkpoint.load(from: copy) == tree)
  }

  /// Orbax needs the object to restore one that saved itself; here its files load as they are.
  @Test func anObjectsStateLoadsWithoutIt() async throws {
    let path = LayoutTableTests.fixture("foreign/orbax-0.12/v1-stateful/input/ckpt")
    let loaded = try await Checkpoint.loadCheckpointables(
      from: path, opening: OpenOptions(formats: .all))
    #expect(Set(loaded.names) == ["state", "custom"])
    #expect(try !loaded.value("custom", as: [CheckpointFile].self).isEmpty)
  }

  @Test func theCodeIsThatOfTheArticle() throws {
    let strays = try ArticleCode.strays(
      of: "ComingFromOrbax.md", from: FilePath(#filePath), minimum: 1)
    #expect(strays == [])
  }

  /// The client runs it, since it sees only what is public.
  @Test func theCodeOfAFormatOfYourOwnIsThatOfTheClient() throws {
    let article = "Sources/CoppiceInterop/CoppiceInterop.docc/YourOwnFormat.md"
    let client = Specification.package.appending("Tests").appending("ClientTests")
      .appending("Sources").appending("Upkeep")
    let strays = try ["CSVFormat.swift", "Upkeep.swift"].map { name in
      Set(
        try ArticleCode.strayParagraphs(
          of: article, from: client.appending(name), minimum: 5))
    }
    #expect(strays[0].intersection(strays[1]) == [])
    #expect(!strays[0].isEmpty && !strays[1].isEmpty)
  }
}
