import CoppiceTestSupport
import Testing

/// The tables of codes, in chapter 7 and in version 0, and the codes of the sources are the same.
struct CodeTests {
  /// The targets that read, write and validate checkpoints.
  static let own = ["CoppiceModel"]
  /// The targets below, whose codes they pass on.
  static let beneath = ["CoppiceFiles", "CoppiceHDF5Inspection", "CoppiceJSON"]

  @Test func everyCodeOfTheTablesIsInTheSources() throws {
    let codes = try Self.codes(of: Self.own + Self.beneath)
    let table = try SpecifiedCode.all()
    #expect(table.count > 60)
    #expect(table.map(\.code).filter { !codes.contains($0) } == [])
  }

  @Test func everyCodeOfTheSourcesIsInATable() throws {
    let codes = try Self.codes(of: Self.own)
    let table = Set(try SpecifiedCode.all().map(\.code))
    #expect(codes.count > 40)
    #expect(codes.subtracting(table).filter { !Self.isOfCallers($0) } == [])
  }

  @Test func everyRuleNamedInTheSourcesIsInTheText() throws {
    let rules = try SpecifiedRule.all()
    var named: Set<String> = []
    for source in try Specification.sources() {
      for line in source.split(separator: "\n") where line.contains("Spec: ") {
        named.formUnion(line.matches(of: SpecifiedRule.pattern).map { String($0.0) })
      }
    }
    #expect(named.count > 60)
    #expect(named.subtracting(rules) == [])
  }

  /// Codes that say nothing about a checkpoint: the paragraph after the table.
  private static func isOfCallers(_ code: String) -> Bool {
    let areas = [
      "io.", "usage.", "operation.", "cast.", "conversion.", "format.", "handler.", "repair.",
      "state.",
      "structure.",
    ]
    return areas.contains { code.hasPrefix($0) }
      || ["limit.memory", "directory.no-such-name"].contains(code)
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
