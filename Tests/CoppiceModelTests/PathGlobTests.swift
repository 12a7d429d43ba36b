import CoppiceModel
import Testing

@Suite struct PathGlobTests {
  /// Pattern, path, and whether the whole path matches.
  static let cases: [(String, String, Bool)] = [
    ("a/b", "a/b", true), ("a/b", "a", false), ("a", "a/b", false), ("b", "a/b", false),
    ("*", "abc", true), ("*", "a/b", false), ("*/b", "a/b", true), ("a*", "a", true),
    ("*.weight", "layer.0.weight", true), ("*.weight", "layer.0.bias", false),
    ("a*b*c", "aXbXbc", true), ("a*b*c", "aXbX", false), ("*a", "ba", true), ("*a", "ab", false),
    ("?", "x", true), ("?", "", false), ("?", "xy", false), ("?", "é", true), ("a?c", "a/c", false),
    ("[a-c]", "b", true), ("[a-c]", "d", false), ("[!a-c]", "d", true), ("[^a-c]", "b", false),
    ("[a-]", "-", true), ("[]a]", "]", true), ("[*]", "*", true), ("[*]", "x", false),
    ("[\\]]", "]", true), ("[0-9][0-9]", "42", true),
    ("{a,b}", "b", true), ("{a,b}", "c", false), ("{a,b*}x", "bbbx", true), ("{a,}c", "c", true),
    ("{a{1,2},b}", "a2", true), ("{a{1,2},b}", "a", false), ("l{0,1}/{w,b}", "l1/w", true),
    ("l{0..31}/w", "l31/w", true), ("l{0..31}/w", "l32/w", false), ("l{0..31}", "l0", true),
    ("l{0..31}", "l00", false), ("l{08..11}x", "l09x", true), ("l{08..11}", "l9", false),
    ("{7..7}", "7", true), ("{1..2}{3..4}", "24", true), ("{a..b}", "a..b", true),
    ("{1..2,9}", "9", true), ("{1..2,9}", "1", false), ("\\{0..1\\}", "{0..1}", true),
    ("a,b", "a,b", true), ("\\*", "*", true), ("\\*", "a", false), ("\\{a", "{a", true),
    ("**", "a/b/c", true), ("**", "", true), ("**/c", "a/b/c", true), ("**/c", "c", true),
    ("a/**", "a", true), ("a/**", "a/b/c", true), ("a/**", "b", false),
    ("a/**/c", "a/c", true), ("a/**/c", "a/b/b/c", true), ("a/**/c", "a/b", false),
    ("**/b/**", "a/b/c", true), ("**/b/**", "a/c", false), ("**/**", "a", true),
    ("", "", true), ("", "a", false), ("*", "", false), ("a]", "a]", true),
    ("%#7", "%#7", true), ("a%2Fb", "a%2Fb", true),
  ]

  @Test(arguments: cases)
  func matchesTheWholePath(_ pattern: String, _ path: String, _ expected: Bool) throws {
    let components = path.split(separator: "/").map(String.init)
    #expect(try PathGlob(pattern).matches(components) == expected, "\(pattern) on \(path)")
  }

  @Test func matchesTheEscapedText() throws {
    let path = TreePath([.key("a/b"), .key(7), .index(3), .field("w")])
    #expect(try PathGlob("a%2Fb/%#?/[0-9]/w").matches(path))
    #expect(try !PathGlob("a/b/7/3/w").matches(path))
  }

  @Test func distinguishesSpellingsOfOneCharacter() throws {
    #expect(try PathGlob("\u{E9}").matches(["\u{E9}"]))
    #expect(try !PathGlob("\u{E9}").matches(["e\u{301}"]))
    #expect(try PathGlob("\u{E9}") != PathGlob("e\u{301}"))
  }

  @Test(arguments: [
    "a//b", "/a", "a/", "[a", "[", "[z-a]", "[]", "{a", "{a/b,c}", "a}", "a\\", "a**", "**b",
    "[a\\",
    String(repeating: "{", count: 17) + "a" + String(repeating: "}", count: 17),
  ])
  func refusesMalformedPatterns(_ pattern: String) throws {
    let error = #expect(throws: CoppiceError.self) { try PathGlob(pattern) }
    #expect(error?.code.rawValue == "usage.glob")
  }

  @Test(.timeLimit(.minutes(5)))
  func takesLinearTimeForPatternsThatMakeBacktrackersHang() throws {
    let text = String(repeating: "a", count: 1_000)
    let stars = try PathGlob(String(repeating: "*a", count: 40) + "b")
    #expect(!stars.matches([text]))
    let braces = try PathGlob(String(repeating: "{a,aa,*}", count: 20) + "b")
    #expect(!braces.matches([text]))
    let depths = try PathGlob(String(repeating: "**/a/", count: 50) + "b")
    #expect(!depths.matches(Array(repeating: "a", count: 1_000)))
  }
}
