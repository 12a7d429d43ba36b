public import CoppiceModel

/// The results of testing a reader.
public struct ConformanceReport: Sendable {
  /// The result of one case.
  public struct Result: Sendable {
    /// The case's path in the suite.
    public var id: String
    /// The fact that the case shows.
    public var title: String
    /// The required result.
    public var outcome: FixtureCase.Outcome
    /// The faults of the reader's answer; empty when it passes.
    public var faults: [String] = []
    /// The number of requests that the reader doesn't support, which count for nothing.
    public var unsupportedRequests = 0

    /// Whether the answer is right.
    public var passes: Bool { faults.isEmpty }
  }

  /// The results in order of the cases.
  public var results: [Result]

  /// Whether all cases pass.
  public var passes: Bool { results.allSatisfy(\.passes) }

  /// The most faults of one case that the text shows.
  private static let shownFaults = 8

  /// The failing cases with their faults, then the counts for each outcome.
  public var text: String {
    var lines: [String] = []
    for result in results where !result.passes {
      lines.append("FAIL \(result.id) (\(result.title))")
      lines += result.faults.prefix(Self.shownFaults).map { "     " + $0.oneLine }
      let rest = result.faults.count - Self.shownFaults
      if rest > 0 { lines.append("     and \(rest) more") }
    }
    for (outcome, passed, failed) in counts where passed + failed > 0 {
      lines.append(Self.line(outcome.rawValue, passed, failed))
    }
    let passed = results.count { $0.passes }
    lines.append(Self.line("all", passed, results.count - passed))
    let unsupported = results.reduce(0) { $0 + $1.unsupportedRequests }
    if unsupported > 0 { lines.append("unsupported requests: \(unsupported)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same report as JSON.
  public var json: JSON {
    let cases = results.map { result in
      var members: [JSON.Member] = [
        .init("id", .string(result.id)), .init("outcome", .string(result.outcome.rawValue)),
        .init("passes", .bool(result.passes)),
      ]
      if result.unsupportedRequests > 0 {
        members.append(.init("unsupportedRequests", .integer(result.unsupportedRequests)))
      }
      if !result.passes {
        members.append(.init("faults", .array(result.faults.map { .string($0) })))
      }
      return JSON.object(members)
    }
    let totals = counts.map { outcome, passed, failed in
      JSON.Member(
        outcome.rawValue,
        .object([.init("passed", .integer(passed)), .init("failed", .integer(failed))]))
    }
    return .object([
      .init("conformanceVersion", .integer(1)), .init("passes", .bool(passes)),
      .init("counts", .object(totals)), .init("cases", .array(cases)),
    ])
  }

  private var counts: [(FixtureCase.Outcome, passed: Int, failed: Int)] {
    FixtureCase.Outcome.allCases.map { outcome in
      let own = results.filter { $0.outcome == outcome }
      let passed = own.count { $0.passes }
      return (outcome, passed, own.count - passed)
    }
  }

  private static func line(_ name: String, _ passed: Int, _ failed: Int) -> String {
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    return
      "\(pad(name, 9)) cases: \(pad(String(passed), 4)) passed, \(pad(String(failed), 3)) failed"
  }
}

extension String {
  /// The text without control characters, which names in checkpoints may contain.
  fileprivate var oneLine: String {
    String(unicodeScalars.map { $0.properties.generalCategory == .control ? "·" : Character($0) })
  }
}
