public import CoppiceModel

/// How a reader did.
public struct ConformanceReport: Sendable {
  /// How it did in one case.
  public struct Result: Sendable {
    /// The case's place in the suite.
    public var id: String
    /// What the case shows.
    public var title: String
    /// What a reader must make of it.
    public var outcome: FixtureCase.Outcome
    /// What is wrong with the reader's answer; nothing when it passes.
    public var faults: [String] = []

    /// Whether the answer is the right one.
    public var passes: Bool { faults.isEmpty }
  }

  /// The results in order of the cases.
  public var results: [Result]

  /// Whether all cases pass.
  public var passes: Bool { results.allSatisfy(\.passes) }

  /// The most faults of one case that the text shows.
  private static let shownFaults = 8

  /// The failing cases with what is wrong, then the counts for each outcome.
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
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same for programs.
  public var json: JSON {
    let cases = results.map { result in
      var members: [JSON.Member] = [
        .init("id", .string(result.id)), .init("outcome", .string(result.outcome.rawValue)),
        .init("passes", .bool(result.passes)),
      ]
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
  /// Names in checkpoints may have line feeds and worse.
  fileprivate var oneLine: String {
    String(unicodeScalars.map { $0.properties.generalCategory == .control ? "·" : Character($0) })
  }
}
