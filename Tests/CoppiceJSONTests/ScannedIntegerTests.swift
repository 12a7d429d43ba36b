import CoppiceJSON
import Testing

/// Integers as the scanner takes them: any number of digits, anywhere in a document.
struct ScannedIntegerTests {
  /// The integer at the beginning of a text, and how many characters it takes.
  private func taken(_ text: String) -> (number: Int, count: Int)? {
    var scanner = CanonicalScanner(Array(text.utf8))
    guard let number = try? scanner.integer() else { return nil }
    return (number, scanner.place)
  }

  static let ends = ["", ",", "]}", ",1", ",\"abcdefgh", "}\n", ",12345678901234567890", ":/9;"]

  @Test(arguments: ends)
  func takesAllDigits(_ end: String) throws {
    for count in 1...15 {
      let digits = String("918273645546372".prefix(count))
      let found = try #require(taken(digits + end))
      #expect(found.number == Int(digits) && found.count == count)
    }
    for number in [0, 7, 10_000_000, 99_999_999, 100_000_000, 1 << 52, (1 << 53) - 1] {
      let found = try #require(taken("\(number)" + end))
      #expect(found.number == number && found.count == "\(number)".count)
    }
  }

  @Test(arguments: ends)
  func refusesWhatIsNoInteger(_ end: String) {
    for text in ["", "-1", "+1", "00", "01", "012345678901", " 1", "x1", "9007199254740992"] {
      #expect(taken(text + end) == nil || (text.isEmpty && end.first?.isNumber == true))
    }
    #expect(taken("99999999999999999" + end) == nil)
    #expect(taken("12345678901234567890" + end) == nil)
  }
}
