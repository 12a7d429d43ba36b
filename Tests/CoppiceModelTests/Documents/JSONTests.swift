import CoppiceModel
import Testing

/// Values of documents, read and printed.
struct JSONTests {
  @Test func valuesAreAskedForByKind() {
    let json: JSON = ["n": 7, "x": 0.5, "s": "text", "b": true, "a": [1, "two"], "o": ["k": 1]]
    #expect(json["n"]?.int == 7 && json["n"]?.double == 7)
    #expect(json["x"]?.double == 0.5 && json["x"]?.int == nil)
    #expect(json["s"]?.string == "text" && json["s"]?.bool == nil)
    #expect(json["b"]?.bool == true && json["b"]?.int == nil)
    #expect(json["a"]?.array?.count == 2 && json["a"]?[1]?.string == "two")
    #expect(json["a"]?[2] == nil && json["a"]?[-1] == nil && json[0] == nil)
    #expect(json["o"]?.object?.first?.name == "k" && json["o"]?["k"]?.int == 1)
    #expect(json["none"] == nil && JSON.null.isNull && !json.isNull)
  }

  @Test(
    arguments: [
      ("9223372036854775807", Int.max), ("9223372036854775808", nil),
      ("-9223372036854775808", Int.min),
      ("3.00", 3), ("3.5", nil), ("-0", 0), ("1e3", nil), ("NaN", nil), ("Infinity", nil),
    ] as [(String, Int?)])
  func integersAreExact(_ text: String, _ number: Int?) {
    #expect(JSON.number(text).int == number)
  }

  @Test func documentsArePrintedInOneLine() {
    let json: JSON = ["loss": 0.25, "tags": ["a\"\\\n\u{7}é", true, .null], "o": [:], "l": []]
    #expect(
      "\(json)"
        == #"{"loss": 0.25, "tags": ["a\"\\\n\u0007é", true, null], "o": {}, "l": []}"#)
  }

  @Test func longDocumentsAreCut() {
    let long = JSON.array(Array(repeating: 1, count: 1_000_000)).description
    #expect(long.hasPrefix("[1, 1, 1") && long.hasSuffix("…") && long.count == 1001)
    #expect(JSON.string(String(repeating: "x", count: 5000)).description.count == 1001)
  }
}
