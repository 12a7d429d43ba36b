import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceOrbax
import SystemPackage
import Testing

/// Copies of real checkpoints without some dispensable file.
@Suite(.enabled(if: !CorpusCase.all.isEmpty, "the corpus is not beside the package"))
struct DamagedCopyTests {
  private func sample(_ name: String) throws -> CorpusCase {
    try #require(CorpusCase.orbax.first { $0.name == name })
  }

  private func expectSame(
    _ copy: SampleDirectory, as sample: CorpusCase, warnings: [String] = []
  ) throws {
    var comparison = CorpusComparison()
    let contents = try copy.contents()
    try comparison.compare(sample.expected, contents)
    #expect(comparison.differences.isEmpty)
    #expect(contents.warnings.map(\.code.rawValue) == warnings)
  }

  /// Orbax 0.4.4 with `use_ocdbt=False` left only the databases of the processes.
  @Test func readsDatabasesThatWereNeverMerged() throws {
    let sample = try sample("old-0.4.4-ocdbt-a")
    let copy = try SampleDirectory(copying: sample) { path in
      path != "manifest.ocdbt" && !path.hasPrefix("d/")
    }
    try expectSame(copy, as: sample, warnings: ["orbax.unmerged"])
  }

  @Test func readsTreesWithoutAdvice() throws {
    let sample = try sample("v1-sharded-z3-ocdbt-a")
    let copy = try SampleDirectory(copying: sample) { path in
      !path.hasSuffix("_sharding") && !path.contains("array_metadatas")
    }
    try expectSame(copy, as: sample)
  }

  @Test func toleratesDamagedAdvice() throws {
    let sample = try sample("v0-standard-a")
    let copy = try SampleDirectory(copying: sample)
    try copy.write("_sharding", "{")
    try expectSame(copy, as: sample, warnings: ["orbax.sharding-ignored"])
  }

  /// A run of Flax is a directory of `checkpoint_<n>`, or of another prefix.
  @Test(arguments: ["old-0.1.2-flaxsave-a", "old-0.6.4-flaxsave-b", "old-0.11.33-flaxsave-a"])
  func readsRunsOfFlax(_ name: String) throws {
    let sample = try sample(name)
    let directory = try DirectoryHandle(opening: try sample.path().removingLastComponent())
    guard case .steps(let steps) = try OrbaxCheckpoint.open(directory, limits: .standard) else {
      Issue.record("no steps")
      return
    }
    #expect(steps.steps.count == 1)
    var comparison = CorpusComparison()
    try comparison.compare(sample.expected, try steps.steps[0].open())
    #expect(comparison.differences.isEmpty)
  }

  @Test func readsAnItemByItself() throws {
    let sample = try sample("v1-checkpointables-a")
    let path = try sample.path().appending("ema")
    guard
      case .checkpoint(let contents) = try OrbaxCheckpoint.open(
        DirectoryHandle(opening: path), limits: .standard),
      case .unnamed(.tree(let tree)) = contents.root
    else {
      Issue.record("no tree")
      return
    }
    var comparison = CorpusComparison()
    let truth = sample.expected["checkpointables"]?["ema"]?["tree"]
    try comparison.compareTree(truth, tree, "ema")
    #expect(truth != nil && comparison.differences.isEmpty)
  }
}
