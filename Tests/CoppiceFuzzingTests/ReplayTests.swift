import CoppiceFuzzing
import CoppiceTestSupport
import Foundation
import Testing

/// The inputs on which a parser failed once; a failure ends the process and says why.
@Suite(.serialized) struct ReplayTests {
  private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "FailCases")

  @Test(arguments: FuzzTarget.all.map(\.name)) func readsOrRefuses(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    for file in try Self.cases(name) { target.run(Array(try Data(contentsOf: file))) }
  }

  /// The names of the folders are those of targets, so that each is replayed.
  @Test func replaysEveryFolder() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
      .filter { $0 != "README.md" && $0 != "HDF5" }
    #expect(Set(folders).isSubset(of: FuzzTarget.all.map(\.name)))
  }

  private static func cases(_ name: String) throws -> [URL] {
    let folder = directory.appending(path: name)
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
  }
}
