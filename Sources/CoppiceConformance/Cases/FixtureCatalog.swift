import CoppiceFiles
public import CoppiceModel
public import SystemPackage

/// All cases below a directory.
public struct FixtureCatalog: Sendable {
  /// The directory.
  public let directory: FilePath

  /// The cases, in order of their ids.
  public private(set) var cases: [FixtureCase] = []

  /// The faults of cases that can't be used.
  public private(set) var faults: [CoppiceError] = []

  /// Finds all cases.
  ///
  /// - Throws: `usage.fixtures` when there are none; `io.*`.
  public init(at directory: FilePath) throws(CoppiceError) {
    self.directory = directory
    try search(try DirectoryHandle(opening: directory), id: [])
    guard !cases.isEmpty || !faults.isEmpty else {
      throw CoppiceError(
        .usageFixtures, "there are no cases here; give the directory of the suite",
        at: .init(file: directory.string))
    }
  }

  /// Returns the cases whose ids match a pattern or lie below a match.
  ///
  /// - Throws: `usage.glob` when the pattern is malformed.
  public func cases(matching pattern: String) throws(CoppiceError) -> [FixtureCase] {
    let globs = [try PathGlob(pattern), try PathGlob(pattern + "/**")]
    return cases.filter { fixture in
      let components = fixture.id.split(separator: "/").map(String.init)
      return globs.contains { $0.matches(components) }
    }
  }

  /// Searches a directory for cases, but not the cases themselves, which may contain anything.
  private mutating func search(
    _ handle: DirectoryHandle, id: [String]
  ) throws(CoppiceError) {
    for entry in try handle.entries() where entry.kind == .directory {
      guard !entry.name.hasPrefix(".") else { continue }
      let inner = try handle.subdirectory(entry.name)
      let id = id + [entry.name]
      guard try inner.hasFile(FixtureCase.documentName) else {
        if id.count < Self.depth { try search(inner, id: id) }
        continue
      }
      do {
        let path = id.reduce(directory) { $0.appending($1) }
        cases.append(try FixtureCase(at: path, id: id.joined(separator: "/")))
      } catch {
        faults.append(error)
      }
    }
  }

  /// Enough for family, outcome, chapter and fact, and two more levels.
  private static let depth = 6
}
