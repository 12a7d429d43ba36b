import Coppice
import CoppiceMaintenance
import CoppiceModel

/// The check whether an answer is the one that a case requires.
enum CaseJudge {
  /// Returns the faults of the answer to loading all of a case; none when it is right.
  static func faultsOfLoading(
    _ answer: RunnerAnswer, _ fixture: FixtureCase
  ) throws(CoppiceError) -> [String] {
    switch answer {
    case .described(let dump, let warnings):
      guard fixture.outcome.loads else {
        return fixture.mayLoad ? [] : ["must be refused with \(fixture.code ?? "?"), but loads"]
      }
      guard let dump else { return ["loads, but there is no dump to be compared"] }
      return DumpComparison.differences(
        expected: try fixture.expected(), observed: dump, isForeign: fixture.isForeign)
        + missing(fixture.warnings, from: warnings)
    case .refused(let code):
      guard !fixture.outcome.loads else {
        return ["must load, but is refused (\(code ?? "no code"))"]
      }
      let wanted = [fixture.code].compactMap { $0 } + fixture.otherCodes
      return refusal(code, wanted, isCodeNeeded: !fixture.isForeign)
    case .absent, .validated, .unsupported: return ["must be loaded or refused"]
    }
  }

  /// Returns the faults of the answer to validating a case at its level; none when it is right.
  static func faultsOfValidating(_ answer: RunnerAnswer, _ fixture: FixtureCase) -> [String] {
    guard case .validated(let findings) = answer else { return ["is no answer to validation"] }
    return judge(findings, fixture)
  }

  /// Returns the faults of the answer to a request of a case; none when it is right.
  static func faults(of answer: RunnerAnswer, to query: FixtureQuery) -> [String] {
    switch (query.expectation, answer) {
    case (.described(let expected, let warnings), .described(let observed?, let given)):
      return DumpComparison.differences(
        expected: expected, observed: observed, of: query.query) + missing(warnings, from: given)
    case (.described, .described(nil, _)): return ["there is no dump to be compared"]
    case (.refused(let codes), .refused(let code)): return refusal(code, codes)
    case (.absent(let names), .absent(let given)):
      guard let names, Set(names) != Set(given ?? []) else { return [] }
      return ["the names that are there must be \(names), are \(given ?? [])"]
    case (.validated(let codes, let warnings, let also), .validated(let findings)):
      let errors = findings.filter { !$0.isWarning }.map(\.code)
      let observed = findings.filter(\.isWarning).map(\.code)
      return differences(codes, errors, also) + differences(warnings, observed, also)
    default: return ["must be \(query.expectation.summary), but is \(answer.summary)"]
    }
  }

  private static func refusal(
    _ code: String?, _ wanted: [String], isCodeNeeded: Bool = true
  ) -> [String] {
    guard let code else {
      return isCodeNeeded ? ["must be refused with \(wanted.first ?? "?"), but gives no code"] : []
    }
    guard !wanted.contains(code) else { return [] }
    return ["must be refused with \(wanted.first ?? "?"), but is with \(code)"]
  }

  /// Returns a fault for each warning that a reader which reports warnings left out.
  ///
  /// No reader that loads needs to look for unknown files.
  ///
  /// Spec: VAL-6.
  private static func missing(_ wanted: [String], from given: [String]?) -> [String] {
    guard let given else { return [] }
    return wanted.filter { !given.contains($0) && $0 != "directory.unknown-file" }
      .map { "no warning \($0)" }
  }

  private static func differences(
    _ wanted: [String], _ given: [String], _ also: [String]
  ) -> [String] {
    Set(wanted).subtracting(given).sorted().map { "must find \($0), finds \(given)" }
      + Set(given).subtracting(wanted + also).sorted().map { "must not find \($0)" }
  }

  private static func judge(
    _ findings: [RunnerAnswer.Finding], _ fixture: FixtureCase
  ) -> [String] {
    var faults: [String] = []
    let errors = findings.filter { !$0.isWarning }.map(\.code)
    let warnings = findings.filter(\.isWarning).map(\.code)
    let isRefused = !fixture.outcome.loads
    if isRefused, let code = fixture.code, !errors.contains(code) {
      faults.append("validation (\(fixture.level)) must find \(code), finds \(errors)")
    }
    // Codes of version 0 have no levels.
    for finding in findings where finding.code == fixture.code && !fixture.id.hasPrefix("0/") {
      if let level = finding.level, isRefused, level != fixture.level {
        faults.append("\(finding.code) is found at level \(level), not \(fixture.level)")
      }
    }
    let expectedErrors = isRefused ? [fixture.code ?? "?"] + fixture.otherCodes : []
    for code in Set(errors).subtracting(expectedErrors).sorted() {
      faults.append("validation (\(fixture.level)) must not find \(code)")
    }
    guard !isRefused else { return faults }
    for code in Set(fixture.warnings).subtracting(warnings).sorted() {
      faults.append("validation (\(fixture.level)) must warn of \(code)")
    }
    for code in Set(warnings).subtracting(fixture.warnings).subtracting(fixture.otherCodes).sorted()
    {
      faults.append("validation (\(fixture.level)) must not warn of \(code)")
    }
    return faults
  }
}

extension FixtureQuery.Expectation {
  fileprivate var summary: String {
    switch self {
    case .described: "described"
    case .refused(let codes): "refused with \(codes.joined(separator: " or "))"
    case .absent: "absent"
    case .validated: "validated"
    }
  }
}

extension RunnerAnswer {
  fileprivate var summary: String {
    switch self {
    case .described: "described"
    case .refused(let code): "refused with \(code ?? "no code")"
    case .absent: "absent"
    case .validated: "validated"
    case .unsupported: "unsupported"
    }
  }
}

extension FixtureCase {
  /// Whether a reader that only loads may miss the fault.
  ///
  /// Readers check the digests of the data that they read. HDF5's own structures, bytes outside of
  /// blocks, and a few rules about names and features are checked by validation only.
  ///
  /// Spec: MET-9, VAL-6.
  var mayLoad: Bool {
    guard !isForeign, let code else { return false }
    if Self.validationCodes.contains(code) { return true }
    // Readers rely on digests in other documents for the canonical form of these.
    if code == "json.not-canonical" { return isOfDigestedDocument }
    return level == .data && !Self.readCodes.contains(code)
  }

  private var isOfDigestedDocument: Bool {
    guard let place else { return false }
    return !["coppice.json", "coppice-root.json"].contains { place.hasSuffix($0) }
  }

  private static let validationCodes: Set<String> = [
    "directory.name-collision", "versioning.unused-feature",
  ]

  private static let readCodes: Set<String> = [
    "arrays.digest-mismatch", "metadata.digest-mismatch",
  ]
}
