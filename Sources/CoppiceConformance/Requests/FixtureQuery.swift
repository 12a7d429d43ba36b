public import CoppiceModel

/// A request that a case makes beside those of all cases, with the required answer.
public struct FixtureQuery: Sendable {
  /// The required answer.
  public enum Expectation: Sendable {
    /// The description of what is loaded or listed, with the warnings that must be reported.
    case described(JSON, warnings: [String])
    /// A refusal with one of the codes.
    case refused([String])
    /// The checkpoint has nothing of the name or path; the names that are there, where they matter.
    case absent(names: [String]?)
    /// Validation finds all of the codes and warnings, and no others except those that may also be reported.
    case validated(codes: [String], warnings: [String], also: [String])
  }

  /// The request.
  public var query: RunnerRequest.Query
  /// The required answer.
  public var expectation: Expectation
}

extension FixtureQuery {
  /// Reads an element of the member `queries` of a case; `nil` for what is none.
  init?(_ json: JSON) {
    guard Set((json.object ?? []).map(\.name)) == ["request", "expected"],
      let query = json["request"].flatMap(RunnerRequest.Query.init),
      let expectation = json["expected"].flatMap({ Expectation($0, of: query) })
    else { return nil }
    self.query = query
    self.expectation = expectation
  }
}

extension FixtureQuery.Expectation {
  fileprivate init?(_ json: JSON, of query: RunnerRequest.Query) {
    let names = Set((json.object ?? []).map(\.name))
    func texts(_ name: String) -> [String] { json[name].flatMap(\.texts) ?? [] }
    switch (json["outcome"]?.string, query) {
    case ("valid", .validate) where names.isSubset(of: ["outcome", "warnings", "also"]):
      self = .validated(codes: [], warnings: texts("warnings"), also: texts("also"))
    case ("invalid", .validate)
    where names.isSubset(of: ["outcome", "codes", "warnings", "also"]) && !texts("codes").isEmpty:
      self = .validated(codes: texts("codes"), warnings: texts("warnings"), also: texts("also"))
    case ("valid", _) where names.isSubset(of: ["outcome", "dump", "warnings"]):
      guard let dump = json["dump"] else { return nil }
      self = .described(dump, warnings: texts("warnings"))
    case ("invalid", _) where names == ["outcome", "codes"] && !texts("codes").isEmpty:
      self = .refused(texts("codes"))
    case ("absent", .load(_?)) where names.isSubset(of: ["outcome", "names"]):
      self = .absent(names: json["names"].flatMap(\.texts))
    default: return nil
    }
  }
}
