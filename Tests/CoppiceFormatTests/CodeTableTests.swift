import CoppiceTestSupport
import Testing

/// The tables of codes, in chapter 7 and in version 0, and the codes of the sources are the same.
struct CodeTableTests {
  /// The targets that read, write and validate checkpoints.
  static let own = ["CoppiceFormat", "CoppiceStorage", "Coppice"]
  /// The targets beneath, whose codes they pass on.
  static let beneath = ["StrictJSON", "FileAccess", "CoppiceModel"]

  @Test func everyCodeOfTheTableIsInTheSources() throws {
    let codes = try Self.codes(of: Self.own + Self.beneath)
    let table = try Self.table()
    #expect(table.count > 60)
    #expect(table.subtracting(codes).isEmpty)
  }

  @Test func everyCodeOfTheSourcesIsInTheTable() throws {
    let codes = try Self.codes(of: Self.own)
    #expect(codes.count > 40)
    #expect(codes.subtracting(try Self.table()).filter { !Self.isOfCallers($0) }.isEmpty)
  }

  @Test func everyRuleNamedInTheSourcesIsInTheText() throws {
    var rules: Set<String> = []
    for chapter in try Specification.chapters() {
      rules.formUnion(chapter.matches(of: /\n\*\*((?:[A-Z]{3}|V0)-\d+)\*\*/).map { String($0.1) })
    }
    #expect(rules.count > 150)
    var named: Set<String> = []
    for source in try Specification.sources() {
      for line in source.split(separator: "\n") where line.contains("Spec: ") {
        named.formUnion(line.matches(of: /(?:[A-Z]{3}|V0)-\d+/).map { String($0.0) })
      }
    }
    #expect(named.count > 60)
    #expect(named.subtracting(rules).isEmpty)
  }

  /// Codes that say nothing about a checkpoint: the paragraph after the table.
  private static func isOfCallers(_ code: String) -> Bool {
    ["io.", "usage.", "operation.", "cast.", "repair.", "structure."].contains { code.hasPrefix($0) }
      || ["limit.memory", "directory.no-such-name"].contains(code)
  }

  private static func table() throws -> Set<String> {
    let text = try Specification.chapter("07-validation.md")
    let section = text.split(separator: "## 7.4 Codes").last?.split(separator: "## 7.5").first ?? ""
    // Version 0 adds its own.
    let tables = [String(section), try Specification.chapter("02-trees.md", of: "0")]
    return Set(
      tables.flatMap {
        $0.matches(of: /\n\| `([a-z]+\.[a-z0-9-]+)` \| (?:malformed|invalid|tolerated) \|/).map {
          String($0.1)
        }
      })
  }

  private static func codes(of targets: [String]) throws -> Set<String> {
    var codes: Set<String> = []
    for target in targets {
      for source in try Specification.sources(of: target) {
        let found = source.matches(of: /Self\(\s*rawValue:\s*"([^"]+)"\)/)
        codes.formUnion(found.map { String($0.1) })
      }
    }
    return codes
  }
}
