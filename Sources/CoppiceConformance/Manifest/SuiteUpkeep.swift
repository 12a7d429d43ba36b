public import CoppiceModel
public import SystemPackage

/// The writing and checking of the suite's own cases.
public enum SuiteUpkeep {
  /// Writes the checkpoints that this library's writer makes, and the manifest.
  ///
  /// `fixtures/make/expected_writer.py` then computes their expected contents.
  ///
  /// - Returns: The ids of the cases that were written.
  /// - Throws: `usage.fixtures`, `io.*`.
  public static func writeCases(in suite: FilePath) throws(CoppiceError) -> [String] {
    let made = try WriterFixtures(in: suite).make()
    _ = try writeManifest(in: suite)
    return made
  }

  /// Writes the manifest: all cases with their digests.
  ///
  /// - Returns: The number of cases.
  /// - Throws: The first fault of a case; `io.*`.
  public static func writeManifest(in suite: FilePath) throws(CoppiceError) -> Int {
    let manifest = try FixtureManifest(of: try FixtureCatalog(at: suite))
    try manifest.write(in: suite)
    return manifest.entries.count
  }

  /// Compares the manifest with the cases, and the checkpoints of this library's writer with new ones.
  ///
  /// Files are compared byte for byte under the recorded versions of the libraries; under others,
  /// contents and uncompressed blocks are compared.
  ///
  /// - Returns: The number of cases, and the differences, one line each.
  /// - Throws: `usage.fixtures`, `io.*`.
  public static func verify(
    _ suite: FilePath
  ) throws(CoppiceError) -> (caseCount: Int, differences: [String]) {
    let found = try FixtureManifest(of: try FixtureCatalog(at: suite))
    let manifest = try FixtureManifest(at: suite.appending(FixtureManifest.fileName))
    let differences =
      manifest.differences(from: found) + (try WriterFixtures(in: suite).verify())
    return (found.entries.count, differences)
  }
}
