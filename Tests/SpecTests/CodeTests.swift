import CoppiceTestSupport
import Testing

/// The tables of codes, in chapter 7 and in version 0, and the codes of the sources are the same.
struct CodeTests {
  @Test func everyCodeOfTheTablesIsInTheSources() throws {
    // Those of files that libhdf5 can't read are the inspection's.
    let codes = try Self.codes(of: ["CoppiceModel", "CoppiceHDF5Inspection"])
    let table = try SpecifiedCode.all()
    #expect(table.count > 60)
    #expect(table.map(\.code).filter { !codes.contains($0) } == [])
  }

  @Test func everyCodeOfTheSourcesIsInATable() throws {
    let table = Set(try SpecifiedCode.all().map(\.code))
    let codes = try Self.codes(of: ["CoppiceModel"]).filter { code in
      Self.areas.contains { code.hasPrefix($0 + ".") }
    }
    #expect(codes.count > 40)
    #expect(codes.subtracting(table).subtracting(Self.ofCalls) == [])
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

  /// The areas of codes that the specification defines.
  private static let areas = [
    "arrays", "directory", "json", "metadata", "model", "sharding", "versioning",
  ]

  /// Codes of these areas for values in a program's memory, which say nothing about a checkpoint.
  private static let ofCalls: Set = [
    "json.coding", "json.size", "model.byte-count", "model.element-type", "model.out-of-bounds",
    "model.ragged",
    "model.rank",
  ]

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
