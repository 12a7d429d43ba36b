import Coppice
import CoppiceMaintenance
import CoppiceModel

/// The check whether an answer is the one that a case requires.
enum CaseJudge {
  /// Returns the faults of an answer; none when it is right.
  static func faults(
    of answer: RunnerAnswer, to fixture: FixtureCase
  ) throws(CoppiceError) -> [String] {
    var faults =
      fixture.outcome.loads
      ? try judgeLoading(answer, fixture) : judgeRefusal(answer, fixture)
    if let findings = answer.findings { faults += judge(findings, fixture) }
    return faults
  }

  private static func judgeLoading(
    _ answer: RunnerAnswer, _ fixture: FixtureCase
  ) throws(CoppiceError) -> [String] {
    switch answer.loading {
    case .refused(let code): return ["must load, but is refused (\(code ?? "no code"))"]
    case .loaded(nil): return ["loads, but there is no dump to be compared"]
    case .loaded(let dump?):
      var faults = DumpComparison.differences(
        expected: try fixture.expected(), observed: dump, isForeign: fixture.isForeign)
      if fixture.isForeign, let warnings = answer.warnings {
        faults += fixture.warnings.filter { !warnings.contains($0) }.map { "no warning \($0)" }
      }
      return faults
    }
  }

  private static func judgeRefusal(_ answer: RunnerAnswer, _ fixture: FixtureCase) -> [String] {
    let wanted = fixture.code ?? "?"
    switch answer.loading {
    case .refused(nil): return []
    case .refused(let code?):
      let isRight = code == wanted || fixture.otherCodes.contains(code)
      return isRight ? [] : ["must be refused with \(wanted), but is with \(code)"]
    case .loaded: return fixture.mayLoad ? [] : ["must be refused with \(wanted), but loads"]
    }
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
    // Readers rely on the digests in the root document for the canonical form of these documents.
    if code == "json.not-canonical" { return isOfDigestedDocument }
    return level == .data && !Self.readCodes.contains(code)
  }

  private var isOfDigestedDocument: Bool {
    ["/tree.json", "/data.json"].contains { place?.hasSuffix($0) ?? false }
  }

  private static let validationCodes: Set<String> = [
    "directory.name-collision", "versioning.unused-feature",
  ]

  private static let readCodes: Set<String> = [
    "arrays.digest-mismatch", "metadata.digest-mismatch",
  ]
}
