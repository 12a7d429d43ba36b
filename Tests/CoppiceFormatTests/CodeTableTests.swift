import CoppiceTestSupport
import Testing

/// The table of codes in chapter 7 and the codes of the sources are the same.
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

  /// Codes that say nothing about a checkpoint: the paragraph after the table.
  private static func isOfCallers(_ code: String) -> Bool {
    ["io.", "usage.", "operation.", "cast.", "repair."].contains { code.hasPrefix($0) }
      || ["limit.memory", "directory.no-such-name"].contains(code)
  }

  private static func table() throws -> Set<String> {
    let text = try Specification.chapter("07-validation.md")
    let section = text.split(separator: "## 7.4 Codes").last?.split(separator: "## 7.5").first ?? ""
    return Set(section.matches(of: /\n\| `([a-z]+\.[a-z0-9-]+)` \|/).map { String($0.1) })
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
