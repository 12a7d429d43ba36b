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

  /// Four processes of one device each saved it; JAX's identifiers are 0, 2048, 4096 and 6144.
  @Test func shardingsAreKept() async throws {
    let directory = try TemporaryDirectory()
    let step = LayoutTableTests.fixture("foreign/orbax-0.12/v1-mp4/input/ckpt")
    let copy = directory("copy")
    let opening = OpenOptions(formats: .all)

    let tree = try await Checkpoint.load(from: step, opening: opening)
    let saved = try await Checkpoint.metadata(at: step, opening: opening).content
    let options = SaveOptions(storage: .init(like: saved))
    try await Checkpoint.save(tree, to: copy, options: options)

    let kept = try await Checkpoint.metadata(at: copy).content
    #expect(kept.leaves.map(\.leaf.sharding) == saved.leaves.map(\.leaf.sharding))
    #expect(try kept[leaf: "hd"].sharding?.partition == [["h"], ["d"]])
    #expect(kept.devices == [0, 2048, 4096, 6144])

    // The last of two processes: half of the rows of [8, 5], which `x` divided.
    let half = try await Checkpoint.load(
      from: copy, as: try kept.abstract(onDevice: 1, of: 2))
    #expect(try half[leaf: "w"].shape == [4, 5])
    #expect(try half[leaf: "dh"].shape == [3, 4])
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
      of: "ComingFromOrbax.md", from: FilePath(#filePath), minimum: 2)
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
