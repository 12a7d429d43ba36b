import CoppiceConformance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// This library's reader against every eighth case; `make conformance` tries all, and verifies the suite's
/// manifest and the writer's checkpoints.
struct SuiteTests {
  private static let cases = Result {
    try suite.get().cases.enumerated().filter { $0.offset % 8 == 0 }.map(\.element)
  }

  @Test(arguments: try cases.get())
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

  @Test func theWritersCheckpointsHoldTheSameUnderOtherVersions() throws {
    let fixtures = WriterFixtures(in: Specification.package.appending("fixtures"))
    #expect(try fixtures.verify(bytewise: false) == [])
  }
}
