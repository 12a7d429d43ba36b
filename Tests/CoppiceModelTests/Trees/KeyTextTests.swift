import CoppiceModel
import Testing

/// The text of keys, as chapter 1.5 of the specification has it.
struct KeyTextTests {
  @Test(
    arguments: [
      ("params", .string("params")), ("a%2Fb", .string("a/b")), ("%2E.", .string("..")),
      ("100%25", .string("100%")), ("%#7", .integer(7)), ("%#-7", .integer(-7)),
      ("7", .string("7")), ("#7", .string("#7")), ("%25#7", .string("%#7")),
      ("%empty", .string("")), ("%00", .string("\0")), ("\u{E9}", .string("\u{E9}")),
    ] as [(String, TreeKey)])
  func isTheOneOfTheTable(_ text: String, _ key: TreeKey) {
    #expect(TreeKey(escaped: text) == key)
    #expect(TreePath.Component.key(key).escaped == text)
  }

  /// MOD-17.
  @Test(arguments: [
    "%2f", "%41", "a%", "%", "%2", "%G0", "%e9", "%C3%A9", "%25%2f", ".a", "a/b", "\u{7F}", "\n",
    "%+2", "%#", "%#07", "%#+7", "%#-0", "%#7a", "%#9223372036854775808", "%leaf", "%coppice", "",
  ])
  func refusesTextsThatNoKeyHas(_ text: String) {
    #expect(TreeKey(escaped: text) == nil)
  }
}
