import Coppice
import Testing

@testable import CoppiceReport

/// Text that enters the page. `Tests/Report` looks at whole pages in a browser.
struct ReportTextTests {
  @Test(arguments: ["</script>", "<!--", "<script"])
  func dataCannotEndTheirElement(text: String) {
    let embedded = ReportPage.embedded(.object([.init(text, .string(text))]))
    #expect(!embedded.contains("<"))
    #expect(embedded.contains(#"\u003c"#))
  }

  @Test func textForMarkupHasNoMarkup() {
    #expect(ReportPage.escaped("<a b=\"&\">") == "&lt;a b=&quot;&amp;&quot;&gt;")
  }

  /// JavaScript's numbers are those of IEEE 754 with 64 bits, and JSON has neither NaN nor infinities.
  @Test(arguments: [
    ("1", true), ("-0.5", true), ("1e30", true), ("9007199254740991", true),
    ("9007199254740993", false), ("123456789012345678901234567890", false), ("NaN", false),
    ("-Infinity", false), ("1e999", false), ("-9223372036854775808", false),
  ])
  func numbersThatScriptsChangeAreText(text: String, isNumber: Bool) {
    #expect(JSON.number(text).forScript == (isNumber ? .number(text) : .string(text)))
  }
}
