import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceOrbax
import SystemPackage
import Testing

/// Copies of real checkpoints without some dispensable file.
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
    let sample = try sample("orbax-0.12/v0-pytree-z3-ocdbt-raw")
    let copy = try SampleDirectory(copying: sample) { path in
      path != "manifest.ocdbt" && !path.hasPrefix("d/")
    }
    // Orbax 0.4.4 didn't say that there is a database.
    let metadata = try sample.directory().allBytes(of: "_METADATA", limit: 1 << 20)
    try copy.write(
      "_METADATA",
      String(decoding: metadata, as: UTF8.self).replacing("\"use_ocdbt\": true,", with: ""))
    try expectSame(copy, as: sample, warnings: ["orbax.unmerged"])
  }

  @Test func readsTreesWithoutAdvice() throws {
    let sample = try sample("orbax-0.12/v1-sharded-chunked")
    let copy = try SampleDirectory(copying: sample) { path in
      !path.hasSuffix("_sharding") && !path.contains("array_metadatas")
    }
    try expectSame(copy, as: sample)
  }

  @Test func toleratesDamagedAdvice() throws {
    let sample = try sample("orbax-0.5/0.5.20-standard")
    let copy = try SampleDirectory(copying: sample)
    try copy.write("_sharding", "{")
    try expectSame(copy, as: sample, warnings: ["orbax.sharding-ignored"])
  }

  /// A run of Flax is a directory of `checkpoint_<n>`.
  @Test func readsRunsOfFlax() throws {
    let sample = try sample("orbax-0.1/0.1.2-flaxsave")
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
    let sample = try sample("orbax-0.12/v1-checkpointables")
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
