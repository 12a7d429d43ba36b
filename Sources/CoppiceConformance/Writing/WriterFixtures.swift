import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// The cases of the suite that this library writes itself.
package struct WriterFixtures {
  let directory: FilePath

  /// Uses the directory of a suite.
  package init(in suite: FilePath) {
    directory = FilePath(WriterCase.family).components.reduce(into: suite) { $0.append($1) }
  }

  static let cases = WriterCase.storage + WriterCase.model

  /// Writes all cases again, but not their expected contents, which another program computes.
  ///
  /// - Returns: The ids of the cases.
  /// - Throws: `io.*`.
  package func make() throws(CoppiceError) -> [String] {
    let suite = directory.removingLastComponent().removingLastComponent().removingLastComponent()
    let family = FilePath(WriterCase.family).components.map(\.string)
    for fixture in Self.cases {
      let target = try OutputDirectory.createAll(family + [fixture.name], below: suite)
      try OutputDirectory.remove(target.appending("checkpoint"))
      try fixture.write(to: target.appending("checkpoint"))
      try Self.write(fixture.document, to: target.appending(FixtureCase.documentName))
    }
    try Self.write(
      LibraryVersions.current.json, to: directory.appending(LibraryVersions.fileName))
    return Self.cases.map(\.id)
  }

  /// Writes a document with one member per line.
  private static func write(_ json: JSON, to path: FilePath) throws(CoppiceError) {
    let lines = (json.object ?? []).map { "  \(JSON.string($0.name).line): \($0.value.line)" }
    try OutputDirectory.remove(path)
    try OutputFile.create(
      path, holding: Array("{\n\(lines.joined(separator: ",\n"))\n}\n".utf8), durability: .buffered)
  }
}
