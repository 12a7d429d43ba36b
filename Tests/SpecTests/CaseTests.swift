import CoppiceConformance
import CoppiceTestSupport
import SystemPackage
import Testing

/// All cases.
let allCases = Result {
  try FixtureCatalog(at: Specification.package.appending("fixtures")).cases
}

/// The cases of the format's own versions.
let ownCases = allCases.map { $0.filter { !$0.isForeign } }

/// Rules, codes and cases are consistent.
struct CaseTests {
  @Test func everyRuleHasACaseOrIsSaidToHaveNone() throws {
    let rules = try SpecifiedRule.all()
    #expect(rules.count > 150)
    let shown = Set(try ownCases.get().flatMap(\.rules))
    let others = Set(Conduct.rules.keys)
    #expect(rules.subtracting(shown).subtracting(others).sorted() == [])
    // The list has no rule that a case shows, and none that no longer exists.
    #expect(others.intersection(shown).sorted() == [])
    #expect(others.subtracting(rules).sorted() == [])
  }

  /// The exemptions are those that chapter 7 explains, a row for each group of rules.
  @Test func theTextSaysWhyRulesHaveNoCase() throws {
    let text = try Specification.chapter("07-validation.md")
    let section = try #require(text.firstMatch(of: /\| Rules without a case \|(?s:.*?)\n\n/))
    #expect(SpecifiedRule.ids(in: String(section.0)) == Set(Conduct.rules.keys))
  }

  @Test func everyRuleOfACaseIsInTheText() throws {
    let rules = try SpecifiedRule.all()
    for fixture in try ownCases.get() {
      #expect(!fixture.rules.isEmpty, "\(fixture.id) names no rule")
      #expect(Set(fixture.rules).subtracting(rules) == [], "\(fixture.id)")
    }
  }

  @Test func everyCodeHasACaseOrIsSaidToHaveNone() throws {
    let cases = try ownCases.get()
    let shown = Set(cases.compactMap(\.code) + cases.flatMap(\.warnings))
    let codes = Set(try SpecifiedCode.ofVersion1().map(\.code))
    let others = Set(Conduct.codes.keys)
    #expect(codes.subtracting(shown).subtracting(others).sorted() == [])
    #expect(others.intersection(shown) == [])
    #expect(shown.subtracting(codes) == [])
  }

  /// A case fails by the code of a rule that it names, with the outcome and level of that code.
  @Test func casesAgreeWithTheRowOfTheirCode() throws {
    let rows = try SpecifiedCode.ofVersion1()
    for fixture in try ownCases.get() where fixture.id.hasPrefix("1.0/") {
      let codes = [fixture.code].compactMap { $0 } + fixture.warnings
      #expect(codes.isEmpty == (fixture.outcome == .valid), "\(fixture.id)")
      let found = rows.filter { codes.contains($0.code) }
      for row in found {
        #expect(row.outcome == fixture.outcome.rawValue, "\(fixture.id)")
        // Loading, with its warnings, is seen at every level.
        #expect(
          fixture.outcome.loads || row.levels.contains(fixture.levelName), "\(fixture.id)")
      }
      let rules = found.reduce(into: Set<String>()) { $0.formUnion($1.rules) }
      #expect(codes.isEmpty || !rules.isDisjoint(with: fixture.rules), "\(fixture.id)")
    }
  }

  @Test(arguments: ["0/", "1.0/"])
  func thereAreTwoFailingCasesForEachThatLoads(_ version: String) throws {
    let cases = try ownCases.get().filter { $0.id.hasPrefix(version) }
    let loading = cases.count { $0.outcome.loads }
    #expect(loading > 20)
    #expect(cases.count - loading >= 2 * loading)
  }

  /// Chapters and cases have the same seven names.
  @Test func casesLieUnderTheirOutcomeAndChapter() throws {
    let chapters: Set = [
      "model", "directory", "metadata", "arrays", "sharding", "versioning", "validation", "writer",
    ]
    var seen: Set<String> = []
    for fixture in try ownCases.get() where !fixture.id.hasPrefix("future/") {
      let parts = fixture.id.split(separator: "/").map(String.init)
      #expect(parts.count == 4 && parts[1] == fixture.outcome.rawValue, "\(fixture.id)")
      seen.insert(parts[2])
    }
    #expect(seen == chapters)
  }

  /// The page's number is a round one below the true one, and not far below.
  @Test func thePageHasTheNumberOfCases() throws {
    let page = try Specification.text(
      of: Specification.package.appending("docs/your-own-reader.md"))
    let said = try #require(page.firstMatch(of: /has more than ([0-9,]+) checkpoints/)?.1)
    let number = try #require(Int(said.filter { $0 != "," }))
    let count = try allCases.get().count
    #expect(number < count && count < number * 3 / 2, "there are \(count)")
  }

  /// The tests that the list names exist.
  @Test func testsOfProgramsAreThere() throws {
    for test in Set(Conduct.rules.values).union(Conduct.codes.values) {
      let parts = test.split(separator: "/").map(String.init)
      let path =
        Specification.package.appending("Tests").string + "/"
        + parts.dropLast().joined(separator: "/") + ".swift"
      let text = try Specification.text(of: .init(path))
      #expect(text.contains("func \(parts.last ?? "")("), "\(test)")
    }
  }
}
