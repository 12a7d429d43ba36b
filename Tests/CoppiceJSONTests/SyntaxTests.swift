import CoppiceJSON
import CoppiceModel
import Testing

/// RFC 8259 case by case, in the manner of JSONTestSuite's `y_` and `n_` files.
@Suite struct SyntaxTests {
  @Test(arguments: [
    "[]", "{}", "[[]]", "[{}]", "{\"\":[]}", "null", "true", "false", "0", "\"\"", "\"a\"", "-1",
    " [] ", "\t[\n1\r,\t2 ]\r\n", "[null,true,false]", "{\"a\":1,\"b\":2}",
    "{\"a\" : {\"b\" : [ ] } }",
    "{\"\":0}", "{\"a\\u0000b\":1}", "[\"\\\"\"]", "[[],[[]],{},{\"a\":[]}]", "[1 ]", "[ 1]",
    "{ \"a\":1 }", "[\"a\" , \"b\"]", "[{\"a\":[{\"b\":null}]}]",
  ])
  func acceptsDocuments(_ text: String) throws {
    _ = try parse(text)
    _ = try parse(text, .python)
  }

  @Test(arguments: [
    "0", "-0", "1", "9", "10", "-10", "1234567890", "0.0", "0.5", "-0.5", "1.25", "0e1", "0E1",
    "0e+1",
    "1e1", "1E-1", "1e+01", "1e00", "0.1e1", "123.456e78", "-1.5E-7", "1e999", "-1e-999",
    "123456789012345678901234567890", "0.00000000000000000000000000000000001",
  ])
  func keepsTheTextOfNumbers(_ text: String) throws {
    #expect(try parse(text).numberText() == text)
    #expect(try parse("[\(text)]")[0]?.numberText() == text)
    #expect(try parse("[\(text) ,0]")[0]?.numberText() == text)
    #expect(try parse("{\"a\":\(text)}")["a"]?.numberText() == text)
  }

  @Test(arguments: [
    "+1", "01", "-01", "00", "-", "--1", "1.", "-1.", ".5", "-.5", "1.e1", "1e", "1e+", "1e-", "1E",
    "1e1.5",
    "1e1e1", "1.2.3", "0x10", "1_000", "1a", "-a", "1-", "1+2", "0b1", "1f", "1.5f", "Inf", "-Inf",
    "nan",
    "NAN", "Nan", "infinity", "INFINITY", "+Infinity", "+NaN", "-NaN", "NaNa", "Infinityx",
    "-Infinit", "Na",
    "- 1", "1 000", "٣", "1．0", "0.", "-0.", "2.e3", "2.e+3", "0e", "0E+", "1e0x", "-Infinity1",
    "- Infinity",
  ])
  func refusesWhatIsNoNumber(_ text: String) {
    for dialect in [JSONDialect.strict, .python] {
      for document in [text, "[\(text)]", "[\(text),1]", "{\"a\":\(text)}", " \(text) "] {
        #expect(
          failure { _ = try parse(document, dialect) }?.code.rawValue == "json.syntax",
          "\(document)")
      }
    }
  }

  @Test(arguments: ["NaN", "Infinity", "-Infinity"])
  func takesPythonsNumbersInItsDialectOnly(_ text: String) throws {
    for document in [text, "[\(text)]", "{\"a\":\(text)}", " \(text)\n", "[\(text) , \(text)]"] {
      let root = try parse(document, .python)
      let node = root.kind == .number ? root : root[0] ?? root["a"]
      #expect(node?.kind == .number)
      #expect(try node?.numberText() == text)
      #expect(failure { _ = try parse(document) }?.code.rawValue == "json.syntax")
    }
  }

  @Test(arguments: [
    "", " ", "\n", "[", "]", "{", "}", "[[]", "[]]", "{}}", "{]", "[}", "[1", "[1,", "[,", "[,1]",
    "[1,,2]", "[1,]",
    "[1 2]", "[1:2]", "[\"a\"", "[\"a\",\n4\n,1,", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
    "{\"a\":1,,\"b\":2}",
    "{,}", "{:1}", "{\"a\" 1}", "{\"a\",1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":1:2}",
    "{a:1}",
    "{'a':1}", "{1:1}", "{null:1}", "{[]:1}", "{{}:1}", "{\"a\":1", "{\"a\":", "{\"a\"", "{\"",
    "{\"a",
    "[1]x", "[1] 1", "1 2", "[] []", "{}{}", "null null", "\"a\" \"b\"", "\"a\"1", "1\"a\"",
    "[\"a\"1]",
    "[1\"a\"]", "[true\"a\"]", "[\"a\"\"b\"]", "[truefalse]", "true1", "nul", "nulll", "tru",
    "truex", "fals",
    "falsey", "True", "NULL", "[tru]", "[nul]", "t", "n", "f", "a", "abc", "'a'", "`a`", "*", "[*]",
    "[-]",
    "[a]", "// c\n1", "1 // c", "/* c */ 1", "# c\n1", "[1,/**/2]", "undefined", "<!--", "[1]\u{0}",
    "\u{0}",
    "[\u{0}]", "1\u{0}", "[1]\u{c}", "\u{c}[]", "[\u{b}1]", "[\u{a0}1]", "\u{a0}1", "[1\u{2028}]",
    "\u{feff}1 ",
    "\\", "[\\]", "\\u0031", "[\\n]", "\\\"", "[\"a\"\\]", "{\"a\":1}#", "[1];", "(1)", "[1}",
    "{\"a\":1]", "[[1}]",
    "[{]}", "{\"a\":[}]", "\"", "\"a", "\"\\\"", "\"\\", "[\"a]", "[\"\\]", "{\"a\":\"b}", "=",
    "!1", "@",
    "[1,2", "[1,2}", "[\"\u{1F600}\"", ",", ":", "[:]", "{\"a\":1,\"b\"}", "{\"a\":1,2}",
    "{\"a\":1,[]}",
  ])
  func refusesBrokenStructure(_ text: String) {
    for dialect in [JSONDialect.strict, .python] {
      let error = failure { _ = try parse(text, dialect) }
      let code = text.hasPrefix("\u{feff}") ? "json.encoding" : "json.syntax"
      #expect(error?.code.rawValue == code, "\(text)")
    }
  }

  @Test func refusesEveryByteThatIsNoWhiteSpaceAroundTokens() {
    for byte in UInt8.min...0x7F where ![0x20, 0x09, 0x0A, 0x0D].contains(byte) {
      // A digit, a sign or a quote may continue the document; what follows makes it invalid.
      #expect(throws: CoppiceError.self) { _ = try parse([byte] + Array("{}".utf8)) }
      #expect(throws: CoppiceError.self) { _ = try parse(Array("{}".utf8) + [byte]) }
      #expect(throws: CoppiceError.self) {
        _ = try parse(Array("{\"a\"".utf8) + [byte] + Array(":1}".utf8))
      }
    }
  }

  @Test func findsFaultsWhereverTheyLieAmongBlocks() {
    // simdjson reads blocks of 64 bytes: a fault must be seen at each place in one.
    for padding in 0..<200 {
      let blanks = String(repeating: " ", count: padding)
      expectFailure("json.syntax", at: padding + 3, pointer: "/1") {
        _ = try parse(blanks + "[1,]")
      }
      expectFailure("json.syntax", at: padding + 2, pointer: "") {
        _ = try parse(blanks + "[]]")
      }
      let text = String(repeating: "x", count: padding)
      expectFailure("json.syntax", at: padding + 2, pointer: "/0") {
        _ = try parse("[\"\(text)\u{1}\"]")
      }
      expectFailure("json.syntax", at: 1, pointer: "/0") {
        _ = try parse("[\"\(text)")
      }
    }
  }
}
