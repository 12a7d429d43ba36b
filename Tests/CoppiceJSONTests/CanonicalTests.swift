import CoppiceJSON
import CoppiceModel
import Testing

@Suite struct CanonicalTests {
  /// Sources with their canonical form, without the final line feed.
  @Test(arguments: [
    ("null", "null"), (" [ 1 , 2 ] ", "[1,2]"), ("{ }", "{}"), ("[ ]", "[]"),
    (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#),
    (#"{"aa":1,"a":2,"":3,"B":4,"é":5,"z":6}"#, #"{"":3,"B":4,"a":2,"aa":1,"z":6,"é":5}"#),
    // UTF-16 would sort U+10000 before U+FFFD; bytes of UTF-8 don't.
    (#"{"\ud800\udc00":1,"\ufffd":2}"#, "{\"\u{fffd}\":2,\"\u{10000}\":1}"),
    // The unescaped names are sorted: U+0022 before U+0061, though `\"` begins with a higher byte.
    (#"{"a":1,"\"":2,"\u001f":3,"\\":4}"#, #"{"\u001f":3,"\"":2,"\\":4,"a":1}"#),
    (#""\/\u002f""#, #""//""#), (#""\u0008\u0009\u000A\u000c\u000D""#, #""\b\t\n\f\r""#),
    (#""\u0000\u0001\u000b\u000e\u001F""#, #""\u0000\u0001\u000b\u000e\u001f""#),
    ("\"\u{7f}\\u007f\"", "\"\u{7f}\u{7f}\""),
    (#""\u0022\u005c\u0027""#, #""\"\\'""#), (#""\u00e9\u2028\ud83d\ude00""#, "\"é\u{2028}😀\""),
    ("[1.0,-0,1E5,1e+05,0.10]", "[1.0,-0,1E5,1e+05,0.10]"),
    (#"[{"b":{"d":1,"c":[{"f":1,"e":2}]},"a":0}]"#, #"[{"a":0,"b":{"c":[{"e":2,"f":1}],"d":1}}]"#),
    (#"[true , false , null , "" , {"":""}]"#, #"[true,false,null,"",{"":""}]"#),
  ])
  func spellsCanonically(_ source: String, _ canonical: String) throws {
    let bytes = Array((canonical + "\n").utf8)
    let document = try JSONDocument(parsing: Array(source.utf8))
    #expect(CanonicalJSON.encode(document.root) == bytes)
    #expect(try CanonicalJSON.encode(document.root.json) == bytes)
    #expect(CanonicalJSON.isCanonical(bytes))
    try JSONDocument(parsing: bytes).requireCanonical()
  }

  @Test(arguments: [
    ("1", 1), ("1\n\n", 2), ("1 \n", 1), (" 1\n", 0), ("1\r\n", 1), ("[1, 2]\n", 3),
    (#"{"b":1,"a":2}"# + "\n", 2), (#""\/""# + "\n", 1),
    (#""\u0041""# + "\n", 1), (#""\u000a""# + "\n", 2), (#""\u001F""# + "\n", 6),
    (#"{"a" :1}"# + "\n", 4),
  ])
  func refusesOtherSpellings(_ source: String, _ offset: Int) throws {
    let document = try JSONDocument(parsing: Array(source.utf8), file: "a.json")
    #expect(!document.isCanonical)
    #expect(!CanonicalJSON.isCanonical(Array(source.utf8)))
    expectFailure("json.not-canonical", at: offset, pointer: "") {
      try document.requireCanonical()
    }
  }

  @Test func isNotCanonicalWhenItDoesNotParse() {
    #expect(!CanonicalJSON.isCanonical(Array("[1,]\n".utf8)))
    #expect(!CanonicalJSON.isCanonical([]))
    #expect(!CanonicalJSON.isCanonical(Array("NaN\n".utf8)))
    #expect(CanonicalJSON.isCanonical(Array("NaN\n".utf8), dialect: .python))
  }

  @Test(arguments: [
    "NaN", "Infinity", "-Infinity", "", " 1", "1 ", "01", "1.", ".5", "+1", "1e", "abc", "1,2",
    "1\0", "\0", "1]", "nan", "--1",
  ])
  func refusesTextsThatAreNoNumbers(_ text: String) {
    let error = failure {
      _ = try CanonicalJSON.encode(.object([.init("a/b", .array([.null, .number(text)]))]))
    }
    #expect(error?.code.rawValue == "json.number-range")
    #expect(error?.location.pointer == "/a~1b/1")
  }

  @Test func writesPythonsNumbersInItsDialect() throws {
    let json = JSON.array([.number("NaN"), .number("Infinity"), .number("-Infinity")])
    #expect(
      try CanonicalJSON.encode(json, dialect: .python) == Array("[NaN,Infinity,-Infinity]\n".utf8))
    #expect(throws: CoppiceError.self) {
      _ = try CanonicalJSON.encode(.number("-NaN"), dialect: .python)
    }
  }

  @Test func refusesToWriteWhatItWouldNotRead() {
    let error = failure {
      _ = try CanonicalJSON.encode(
        .array([.object([.init("a", .null), .init("b", .null), .init("a", .null)])]))
    }
    #expect(error?.code.rawValue == "json.duplicate-name")
    #expect(error?.location.pointer == "/0/a")
    var deep = JSON.null
    for _ in 0..<128 { deep = .array([deep]) }
    #expect(throws: Never.self) { try CanonicalJSON.encode(deep) }
    deep = .object([.init("x", deep)])
    #expect(failure { _ = try CanonicalJSON.encode(deep) }?.code.rawValue == "json.depth")
    #expect(throws: Never.self) {
      try CanonicalJSON.encode(.object([.init("\u{e9}", .null), .init("e\u{301}", .null)]))
    }
  }
}
