import Coppice
import CoppiceMaintenance
package import CoppiceModel
package import SystemPackage

extension FixtureCase {
  /// Reads the document of a case.
  ///
  /// - Parameter id: The case's path in the suite, which the document must state as well.
  /// - Throws: `usage.fixtures`, `io.*`, `json.*`.
  package init(at directory: FilePath, id: String) throws(CoppiceError) {
    let path = directory.appending(Self.documentName)
    let document = try JSON.document(at: path)
    func fault(_ message: String) -> CoppiceError {
      CoppiceError(.usageFixtures, message, at: .init(file: path.string))
    }
    guard let members = document.object else { throw fault("the document is not a JSON object") }
    let unknown = members.map(\.name).filter { !Self.memberNames.contains($0) }
    guard unknown.isEmpty else { throw fault("unknown members: \(unknown)") }
    guard document["id"]?.string == id else { throw fault("the id must be \"\(id)\"") }
    guard let title = document["title"]?.string, !title.isEmpty else {
      throw fault("the case has no title")
    }
    guard let outcome = document["outcome"]?.string.flatMap(Outcome.init(rawValue:)) else {
      throw fault("the outcome is none of \(Outcome.allCases.map(\.rawValue))")
    }
    let error = document["error"]
    guard (error?["code"]?.string != nil) || outcome == .valid || outcome == .tolerated else {
      throw fault("a case with this outcome needs the code of its error")
    }
    let level = document["level"]?.string
    guard let level = level.map(ValidationLevel.init(rawValue:)) ?? .data else {
      throw fault("the level is none of \(ValidationLevel.allCases.map(\.rawValue))")
    }
    self.id = id
    self.title = title
    self.outcome = outcome
    self.level = level
    self.directory = directory
    rules = document["rules"]?.texts ?? []
    code = error?["code"]?.string
    place = error?["at"]?.string
    otherCodes = error?["also"]?.texts ?? []
    warnings = document["warnings"]?.texts ?? []
    queries = []
    for query in document["queries"]?.array ?? [] {
      guard let query = FixtureQuery(query) else { throw fault("no query: \(query.summary)") }
      queries.append(query)
    }
    if outcome == .tolerated, let code { warnings.append(code) }
    input = directory.appending("checkpoint")
    if isForeign {
      guard let path = try expected()["path"]?.string, let relative = FilePath(path).subpath else {
        throw fault("expected.json doesn't say which path is to be read")
      }
      input = directory.pushing(relative)
    }
  }

  private static let memberNames: Set<String> = [
    "id", "title", "rules", "level", "outcome", "error", "warnings", "made", "layout",
    "features", "queries",
  ]
}

extension FilePath {
  /// The path itself if it leads downwards; `nil` otherwise.
  fileprivate var subpath: FilePath? { isLexicallyNormal && isRelative ? self : nil }
}
