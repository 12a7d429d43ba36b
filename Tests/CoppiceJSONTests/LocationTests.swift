import CoppiceJSON
import CoppiceModel
import Testing

@Suite struct LocationTests {
  /// Faults of syntax, each with its byte offset and the pointer of what is being read.
  @Test(arguments: [
    ("", 0, ""), ("  ", 2, ""), ("[1,2", 4, ""), ("[1,", 3, "/1"), ("[", 1, "/0"), ("{", 1, ""),
    ("[1,,2]", 3, "/1"),
    ("[1 2]", 3, ""), ("[1,2,]", 5, "/2"), ("{\"a\":1,}", 7, ""), ("{\"a\"}", 4, "/a"),
    ("{\"a\":}", 5, "/a"),
    ("{\"a\":1", 6, ""), ("{\"a\":", 5, "/a"), ("{\"a\"", 4, "/a"),
    ("{\"a\":[0,{\"b\":tru}]}", 13, "/a/1/b"),
    ("{\"a~/b\":{\"\":[null,01]}}", 19, "/a~0~1b//1"), ("[[],[],[[1,x]]]", 11, "/2/0/1"),
    ("[[1],[2],3 4]", 11, ""),
    ("1 2", 2, ""), ("[]]", 2, ""), ("[1.]", 3, "/0"), ("[1e]", 3, "/0"), ("[0,-]", 4, "/1"),
    ("{\"é\":x}", 6, "/é"),
    ("{\"a\\u0062\":x}", 11, "/ab"), ("[\"\\x\"]", 2, "/0"), ("{\"a\":\"\u{1}\"}", 6, "/a"),
    ("{\"a\":\"b}", 5, "/a"),
    ("{\"a\":1,\"b}", 7, ""), ("[1,\"a", 3, "/1"), ("[x,\"a", 1, "/0"), ("1 \"a", 2, ""),
    ("[truex]", 5, "/0"),
    ("[12x]", 3, "/0"), ("{\"a\":{},\"b\":[}", 13, "/b/0"), ("[\"a\"b]", 4, ""), ("{1:2}", 1, ""),
    ("\\\" \"", 0, ""),
  ])
  func pointsAtFaults(_ text: String, _ offset: Int, _ pointer: String) {
    expectFailure("json.syntax", at: offset, pointer: pointer) {
      _ = try parse(text)
    }
  }

  @Test func knowsPointerOffsetAndRangeOfEachValue() throws {
    let source =
      #" { "a" : [ 1 , -2.5e1 , [ ] , { } ] , "b\n/~" : { "" : null } , "é" : "x\"y" , "t" : [true,false] } "#
    let bytes = Array(source.utf8)
    let root = try parse(source)
    var seen: [String: String] = [:]
    func visit(_ node: JSONNode) {
      #expect(bytes[node.byteOffset] == bytes[node.byteRange.lowerBound])
      seen[node.pointer] = String(decoding: bytes[node.byteRange], as: UTF8.self)
      for element in node.elements { visit(element) }
      for (_, value) in node.members { visit(value) }
    }
    visit(root)
    #expect(
      seen == [
        "": String(source.dropFirst().dropLast()), "/a": "[ 1 , -2.5e1 , [ ] , { } ]", "/a/0": "1",
        "/a/1": "-2.5e1",
        "/a/2": "[ ]", "/a/3": "{ }", "/b\n~1~0": #"{ "" : null }"#, "/b\n~1~0/": "null",
        "/é": #""x\"y""#,
        "/t": "[true,false]", "/t/0": "true", "/t/1": "false",
      ])
  }

  @Test func locatesAMembersNameAtItsMember() throws {
    let root = try parse(#"{"a":{"b":[1],"c":2}}"#)
    let entries = root["a"].map { Array($0.entries) } ?? []
    #expect(entries.map(\.name.pointer) == ["/a/b", "/a/c"])
    #expect(entries.map(\.name.byteOffset) == [6, 14])
    #expect(entries.map(\.value.byteOffset) == [10, 18])
  }

  @Test func makesLocatedErrors() throws {
    let node = try #require(try parse(#"{"a":[1,{"b":2}]}"#)["a"]?[1]?["b"])
    let error = node.error(.init(rawValue: "x.y"), "wrong")
    #expect(error.description == "a.json#/a/1/b at byte 13: wrong [x.y]")
  }
}
