import CoppiceJSON
import CoppiceModel
import Testing

@Suite struct StringTests {
  @Test(arguments: [
    (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
    (#""\u0041\u00e9\u20AC\u20ac""#, "Aé€€"), (#""\ud83d\ude00""#, "😀"), (#""\uD834\uDd1E""#, "𝄞"),
    (#""\u0000""#, "\0"), (#""\u001f""#, "\u{1f}"), ("\"\u{7f}\"", "\u{7f}"),
    ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"),
    ("\"é€😀\"", "é€😀"), (#""\ufffe\uffff""#, "\u{fffe}\u{ffff}"),
    (#""\udbff\udfff""#, "\u{10ffff}"),
    (#""\ud800\udc00""#, "\u{10000}"), (#""\\u0041""#, "\\u0041"), (#""a\nb\\""#, "a\nb\\"),
    (#""\\\"""#, "\\\""),
    ("\"\u{feff}\"", "\u{feff}"), (#""/""#, "/"), (#""\u002f""#, "/"), (#""[,]{:}""#, "[,]{:}"),
    (#""\ud7ff\ue000""#, "\u{d7ff}\u{e000}"), (#""0123456\n""#, "0123456\n"),
    (#""01234567\n""#, "01234567\n"),
  ])
  func unescapes(_ source: String, _ text: String) throws {
    let node = try parse(source)
    #expect(node.kind == .string)
    #expect(try node.string().utf8.elementsEqual(text.utf8))
    #expect(node.stringEquals(text))
    #expect(node.byteRange == 0..<source.utf8.count)
    let copied = try node.withStringBytes { bytes in
      bytes.indices.map { bytes[$0] }
    }
    #expect(copied == Array(text.utf8))
    let member = try parse("{ \(source) : [ \(source) ] }")
    #expect(try member[text]?[0]?.string().utf8.elementsEqual(text.utf8) == true)
  }

  @Test(arguments: [
    #""\a""#, #""\x41""#, #""\'""#, #""\ ""#, #""\0""#, #""\U0041""#, #""\N""#, #""\u""#, #""\u1""#,
    #""\u12""#,
    #""\u123""#, #""\u123g""#, #""\u 123""#, #""\u+123""#, #""\u-123""#, #""\u0x12""#, #""\u{41}""#,
    #""\é""#,
    "\"\\\n\"", "\"\\\u{0}\"", "\"\n\"", "\"\t\"", "\"\r\"", "\"\u{0}\"", "\"\u{1f}\"",
    "\"a\u{1}b\"", #""\ud83d\u""#, #""\u٣٣٣٣""#,
  ])
  func refusesWrongEscapesAndControlCharacters(_ source: String) {
    for document in [source, "[\(source)]", "{\(source):1}"] {
      let code = source.hasPrefix(#""\ud83d"#) ? "json.encoding" : "json.syntax"
      #expect(failure { _ = try parse(document) }?.code.rawValue == code, "\(document)")
    }
  }

  @Test func refusesEveryUnescapedControlCharacter() {
    for byte in UInt8(0)..<0x20 {
      for before in ["", "0123456", "01234567890123456789", "\\n"] {
        let offset = 1 + before.utf8.count
        expectFailure("json.syntax", at: offset, pointer: "") {
          _ = try parse(Array("\"\(before)".utf8) + [byte] + Array("\"".utf8))
        }
      }
    }
  }

  @Test(arguments: [
    #""\ud800""#, #""\udbff""#, #""\udc00""#, #""\udfff""#, #""\ud800a""#, #""\ud800\n""#,
    #""\ud800\ud800""#,
    #""\udc00\ud800""#, #""\ud800\u0041""#, #""\ud83d\ude0""#, #""\ud83d \ude00""#,
    #""\ud83d\\ude00""#,
  ])
  func refusesHalvesOfSurrogatePairs(_ source: String) {
    for dialect in [JSONDialect.strict, .python] {
      expectFailure("json.encoding", at: 1, pointer: "") {
        _ = try parse(source, dialect)
      }
      expectFailure("json.encoding", at: 6, pointer: "/a") {
        _ = try parse("{\"a\":\(source)}", dialect)
      }
    }
  }

  /// Ill-formed sequences of RFC 3629, each with where the fault begins.
  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF],
      [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
      [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func refusesIllFormedUTF8(_ sequence: [UInt8]) {
    expectFailure("json.encoding", at: 1, pointer: "") {
      _ = try parse([0x22] + sequence + [0x22])
    }
    expectFailure("json.encoding", at: 10, pointer: "/é/1") {
      _ = try parse(Array("{\"é\":[1,\"".utf8) + sequence + Array("\"]}".utf8))
    }
    expectFailure("json.encoding", at: 3, pointer: "/1") {
      _ = try parse(Array("[1,".utf8) + sequence + Array("]".utf8))
    }
    expectFailure("json.encoding", at: 2, pointer: "") {
      _ = try parse(Array("{\"".utf8) + sequence + Array("\":1}".utf8))
    }
    #expect(throws: CoppiceError.self) { _ = try parse(Array("[]".utf8) + sequence) }
    #expect(throws: CoppiceError.self) { _ = try parse(sequence) }
  }

  @Test func refusesAByteOrderMarkAndOtherEncodings() {
    expectFailure("json.encoding", at: 0, pointer: "") {
      _ = try parse([0xEF, 0xBB, 0xBF] + Array("{}".utf8))
    }
    expectFailure("json.encoding", at: 0, pointer: "") { _ = try parse([0xEF, 0xBB, 0xBF]) }
    expectFailure("json.encoding", at: 0, pointer: "") {
      _ = try parse([0xFF, 0xFE, 0x5B, 0, 0x5D, 0])
    }
    expectFailure("json.syntax", at: 0, pointer: "") { _ = try parse([0, 0x5B, 0, 0x5D]) }
  }
}
