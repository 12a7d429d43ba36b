import CoppiceConformance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// This library's reader against every case that there is.
struct SuiteTests {
  @Test(arguments: try suite.get().cases)
  func passes(_ fixture: FixtureCase) throws {
    let result = try ConformanceRun.run(fixture, with: reader)
    #expect(result.faults == [], "\(fixture.title)")
  }

  @Test func allCasesCanBeUsed() throws {
    #expect(try suite.get().faults.map(\.description) == [])
  }

  /// An empty suite would pass.
  @Test(arguments: ["1.0/valid/writer", "foreign/orbax-0.12", "foreign/safetensors"])
  func discoveryFindsCases(_ family: String) throws {
    #expect(try suite.get().cases(matching: family).count >= 3)
  }

  @Test func theManifestListsWhatIsThere() throws {
    let catalog = try suite.get()
    let manifest = try FixtureManifest(
      at: catalog.directory.appending(FixtureManifest.fileName))
    #expect(manifest.differences(from: try FixtureManifest(of: catalog)) == [])
  }

  @Test func theWritersCheckpointsAreWrittenTheSameAgain() throws {
    #expect(try WriterFixtures(in: packageRoot.appending("fixtures")).verify() == [])
  }

  @Test func theWritersCheckpointsHoldTheSameUnderOtherVersions() throws {
    let fixtures = WriterFixtures(in: packageRoot.appending("fixtures"))
    #expect(try fixtures.verify(bytewise: false) == [])
  }
}
