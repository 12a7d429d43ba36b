import CoppiceFiles
import CoppiceJSON
package import CoppiceModel
package import SystemPackage

/// The list of all cases with their digests, which makes every change visible.
package struct FixtureManifest: Sendable {
  /// One case.
  struct Entry: Equatable {
    var id: String
    var outcome: String
    var code: String?
    var rules: [String]
    var digest: String
  }

  /// The name of the file in the suite's directory.
  package static let fileName = "manifest.json"
  private static let version = 1

  private(set) var entries: [Entry] = []

  /// Makes the manifest of the current cases.
  ///
  /// - Throws: The first fault of a case; `io.*`.
  package init(of catalog: FixtureCatalog) throws(CoppiceError) {
    if let fault = catalog.faults.first { throw fault }
    for fixture in catalog.cases {
      entries.append(
        Entry(
          id: fixture.id, outcome: fixture.outcome.rawValue, code: fixture.code,
          rules: fixture.rules, digest: try CaseFiles.digest(of: fixture.directory)))
    }
  }

  /// Reads a manifest.
  package init(at path: FilePath) throws(CoppiceError) {
    let document = try JSON.document(at: path)
    guard document["manifestVersion"] == .integer(Self.version),
      let cases = document["cases"]?.array
    else {
      throw CoppiceError(
        .usageFixtures, "this is not a manifest of version \(Self.version)",
        at: .init(file: path.string))
    }
    entries = cases.map { entry in
      Entry(
        id: entry["id"]?.string ?? "", outcome: entry["outcome"]?.string ?? "",
        code: entry["code"]?.string, rules: entry["rules"]?.texts ?? [],
        digest: entry["digest"]?.string ?? "")
    }
  }

  /// The text of the manifest, with one line per case so that diffs are short.
  package var text: String {
    let rows = entries.map { entry in
      var members = ["\"id\": \(quoted(entry.id))", "\"outcome\": \(quoted(entry.outcome))"]
      if let code = entry.code { members.append("\"code\": \(quoted(code))") }
      if !entry.rules.isEmpty {
        members.append("\"rules\": [\(entry.rules.map(quoted).joined(separator: ", "))]")
      }
      members.append("\"digest\": \(quoted(entry.digest))")
      return "  {\(members.joined(separator: ", "))}"
    }
    return "{\"manifestVersion\": \(Self.version), \"cases\": [\n"
      + rows.joined(separator: ",\n") + "\n]}\n"
  }

  /// Writes the manifest into the directory of a suite.
  func write(in suite: FilePath) throws(CoppiceError) {
    let path = suite.appending(Self.fileName)
    try OutputDirectory.remove(path)
    try OutputFile.create(path, holding: Array(text.utf8), durability: .buffered)
  }

  /// Returns the differences between this manifest and the current cases, one line per case.
  package func differences(from found: FixtureManifest) -> [String] {
    let listed = Dictionary(entries.map { ($0.id, $0) }) { first, _ in first }
    let there = Dictionary(found.entries.map { ($0.id, $0) }) { first, _ in first }
    return Set(listed.keys).union(there.keys).sorted().compactMap { id in
      switch (listed[id], there[id]) {
      case (nil, _): "\(id): not in the manifest"
      case (_, nil): "\(id): in the manifest, but not there"
      case (let old?, let new?): old == new ? nil : "\(id): \(old.changes(to: new)) changed"
      }
    }
  }

  private func quoted(_ text: String) -> String { JSON.string(text).line }
}

extension FixtureManifest.Entry {
  fileprivate func changes(to new: Self) -> String {
    var names: [String] = []
    if outcome != new.outcome { names.append("outcome") }
    if code != new.code { names.append("code") }
    if rules != new.rules { names.append("rules") }
    if digest != new.digest { names.append("files") }
    return names.joined(separator: " and ")
  }
}
