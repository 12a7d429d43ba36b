import CoppiceConformance
import CoppiceFiles
import CoppiceTestSupport
import SystemPackage
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

  /// A code of a foreign format is one of a case, or a test's source has it or its name.
  @Test func everyCodeOfAForeignFormatIsShown() throws {
    var declared: [String: String] = [:]
    for target in try Self.foreignTargets() {
      for source in try Specification.sources(of: target) {
        for found in source.matches(of: Self.declaration) {
          declared[String(found.code)] = String(found.name)
        }
      }
    }
    #expect(declared.count > 100)
    let cases = try allCases.get().filter(\.isForeign)
    let shown = Set(cases.flatMap { [$0.code].compactMap { $0 } + $0.otherCodes + $0.warnings })
    var words: Set<Substring> = []
    for source in try Self.testSources() {
      words.formUnion(source.split { !($0.isLetter || $0.isNumber || ".-".contains($0)) })
    }
    let missing = declared.filter { code, name in
      !shown.contains(code) && !words.contains(code[...]) && !words.contains("." + name)
    }
    #expect(Set(missing.keys).subtracting(Conduct.foreignCodes).sorted() == [])
    // The list has no code that is shown by now.
    #expect(Conduct.foreignCodes.subtracting(missing.keys).sorted() == [])
  }

  /// Programs that read messages find the code by this form.
  @Test func everyCodeHasTheFormOfCodes() throws {
    var count = 0
    for source in try Specification.sources() {
      for found in source.matches(of: /CoppiceError\.Code \{(?s:.*?)\n\}/) {
        for declared in found.output.matches(of: Self.declaration) {
          count += 1
          #expect(declared.code.wholeMatch(of: /[a-z0-9]+\.[a-z0-9-]+/) != nil, "\(declared.code)")
        }
      }
    }
    #expect(count > 250)
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

  /// The declaration of a code, or of another name with a text.
  private static var declaration: Regex<(Substring, name: Substring, code: Substring)> {
    /let (?<name>[A-Za-z0-9]+)\s*=\s*Self\(\s*rawValue:\s*"(?<code>[^"]+)"\)/
  }

  /// The targets of foreign formats, and those that they read files with.
  private static func foreignTargets() throws -> [String] {
    try PackageTests.foreignFormats()
      + ["CoppiceCompression", "CoppiceHDF5Inspection", "CoppiceZip"]
  }

  /// The texts of the Swift files of all tests but this target's, which list codes.
  private static func testSources() throws -> [String] {
    let folder = Specification.package.appending("Tests")
    return try DirectoryHandle(opening: folder).allFiles()
      .filter { $0.hasSuffix(".swift") && !$0.hasPrefix("SpecTests/") }
      .map { try Specification.text(of: FilePath(folder.string + "/" + $0)) }
  }

  private static func codes(of targets: [String]) throws -> Set<String> {
    var codes: Set<String> = []
    for target in targets {
      for source in try Specification.sources(of: target) {
        codes.formUnion(source.matches(of: declaration).map { String($0.code) })
      }
    }
    return codes
  }
}
