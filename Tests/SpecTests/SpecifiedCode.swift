import CoppiceTestSupport

/// A row of a table of codes.
struct SpecifiedCode {
  var code: String
  var outcome: String
  /// The levels at which it is found; version 0 names none.
  var levels: Set<String>
  /// The rules whose breach it reports.
  var rules: Set<String>

  /// The rows of chapter 7.
  static func ofVersion1() throws -> [SpecifiedCode] {
    let text = try Specification.chapter("07-validation.md")
    let section = text.split(separator: "## 7.4 Codes").last?.split(separator: "## 7.5").first ?? ""
    return rows(of: String(section)).map { code, cells in
      let levels = ["document", "structure", "data"].filter { cells[1].contains($0) }
      return SpecifiedCode(
        code: code, outcome: cells[0], levels: Set(levels), rules: SpecifiedRule.ids(in: cells[3]))
    }
  }

  /// The rows of version 0, which has codes of version 1 and one of its own.
  static func ofVersion0() throws -> [SpecifiedCode] {
    rows(of: try Specification.chapter("02-trees.md", of: "0")).map { code, cells in
      SpecifiedCode(
        code: code, outcome: cells[0], levels: [], rules: SpecifiedRule.ids(in: cells[2]))
    }
  }

  /// The rows of both.
  static func all() throws -> [SpecifiedCode] { try ofVersion1() + ofVersion0() }

  /// The codes of the rows with the cells after them.
  private static func rows(of text: String) -> [(String, [String])] {
    text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: " | ").map(String.init)
      guard cells.count >= 4, let code = cells[0].wholeMatch(of: /\| `([a-z]+\.[a-z0-9-]+)`/),
        ["malformed", "invalid", "tolerated"].contains(cells[1])
      else { return nil }
      return (String(code.1), Array(cells.dropFirst()))
    }
  }
}

/// The ids of rules.
enum SpecifiedRule {
  static var pattern: Regex<Substring> { /(?:MOD|DIR|MET|ARR|SHD|VER|VAL|V0)-\d+/ }

  /// The ids of all rules of all versions.
  static func all() throws -> Set<String> {
    var rules: Set<String> = []
    for chapter in try Specification.chapters() {
      rules.formUnion(chapter.matches(of: /\n\*\*((?:[A-Z]{3}|V0)-\d+)\*\*/).map { String($0.1) })
    }
    return rules
  }

  /// The ids in a text, where `ARR-26 to ARR-41` names all between.
  static func ids(in text: String) -> Set<String> {
    var ids = Set(text.matches(of: pattern).map { String($0.0) })
    for range in text.matches(of: /([A-Z]{3})-(\d+) to [A-Z]{3}-(\d+)/) {
      guard let first = Int(range.2), let last = Int(range.3), first <= last else { continue }
      ids.formUnion((first...last).map { "\(range.1)-\($0)" })
    }
    return ids
  }
}
