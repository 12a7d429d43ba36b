import CoppiceJSON
import CoppiceModel
import Testing

@Suite struct ObjectReaderTests {
  @Test func readsMembersInAnyOrder() throws {
    for order in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"], ["a", "a", "c", "b"]] {
      var reader = try JSONObjectReader(parse(#"{"a":"a","b":[1,{"x":2}],"c":"c"}"#))
      for name in order {
        #expect(try reader.required(name).pointer == "/" + name)
      }
      #expect(reader.optional("x") == nil)
      #expect(reader.unknownNames.isEmpty)
      try reader.rejectUnknown()
    }
  }

  @Test func tellsNullFromAbsent() throws {
    var reader = try JSONObjectReader(parse(#"{"a":null}"#))
    #expect(reader.optional("a")?.isNull == true)
    #expect(reader.optional("b") == nil)
  }

  @Test func throwsForMissingMembersAtTheObject() throws {
    let node = try #require(try parse(#"[{"a":1}]"#)[0])
    var reader = try JSONObjectReader(node)
    expectFailure("json.missing-member", at: 1, pointer: "/0") {
      _ = try reader.required("b")
    }
  }

  @Test func refusesUnknownMembersAtTheirNames() throws {
    var reader = try JSONObjectReader(parse(#"{"a":1,"x/y":2,"b":3,"z":4}"#))
    _ = try reader.required("b")
    _ = try reader.required("a")
    #expect(reader.unknownNames == ["x/y", "z"])
    expectFailure("json.unknown-member", at: 7, pointer: "/x~1y") {
      try reader.rejectUnknown()
    }
  }

  @Test func keepsMessagesOnOneLine() throws {
    let long = String(repeating: "x", count: 1000)
    let reader = try JSONObjectReader(parse("{\"a\\n\(long)\":1}"))
    let error = failure { try reader.rejectUnknown() }
    #expect(error?.message.contains("\n") == false)
    #expect((error?.message.utf8.count ?? 1000) < 200)
  }

  @Test func comparesNamesByBytes() throws {
    var reader = try JSONObjectReader(parse(#"{"\u00e9":1}"#))
    #expect(reader.optional("e\u{301}") == nil)
    #expect(reader.unknownNames.count == 1)
    #expect(reader.optional("\u{e9}") != nil)
    #expect(reader.unknownNames.isEmpty)
  }

  @Test func keepsCountOfManyMembers() throws {
    let names = (0..<200).map { "n\($0)" }
    var reader = try JSONObjectReader(
      parse("{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"))
    for name in names where name != "n63" && name != "n150" { _ = try reader.required(name) }
    #expect(reader.unknownNames == ["n63", "n150"])
    _ = try reader.required("n63")
    #expect(throws: CoppiceError.self) { try reader.rejectUnknown() }
    _ = try reader.required("n150")
    try reader.rejectUnknown()
  }

  @Test func readsEmptyObjects() throws {
    var reader = try JSONObjectReader(parse("{}"))
    #expect(reader.optional("") == nil)
    try reader.rejectUnknown()
  }
}
