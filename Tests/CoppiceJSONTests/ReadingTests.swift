import CoppiceJSON
import CoppiceModel
import Testing

@Suite struct ReadingTests {
  static let all =
    #"{"null":null,"true":true,"false":false,"number":12,"string":"s","array":[1,[2],3],"object":{"a":1}}"#

  @Test func tellsKinds() throws {
    let root = try parse(Self.all)
    #expect(
      root.members.map(\.value.kind) == [.null, .bool, .bool, .number, .string, .array, .object])
    #expect(
      root.members.map(\.name) == ["null", "true", "false", "number", "string", "array", "object"])
    #expect(root.members.map(\.value.count) == [0, 0, 0, 0, 0, 3, 1])
    #expect(root["null"]?.isNull == true)
    #expect(root["false"]?.isNull == false)
    #expect(root["absent"] == nil)
    #expect(root[0] == nil)
    #expect(root["array"]?["a"] == nil)
    #expect(try root["array"]?[2]?.int() == 3)
    #expect(try root["array"]?[1]?[0]?.int() == 2)
    #expect(root["array"]?[3] == nil)
    #expect(root["array"]?[-1] == nil)
    #expect(root["object"]?.elements.isEmpty == true)
    #expect(root["array"]?.members.isEmpty == true)
    #expect(root["array"]?.elements.count == 3)
    #expect(try root["true"]?.bool() == true)
    #expect(try root["false"]?.bool() == false)
  }

  @Test func throwsForOtherKindsThanAskedFor() throws {
    let root = try parse(Self.all)
    for (name, node) in root.members {
      let readers: [(accepts: [String], read: (JSONNode) throws -> Void)] = [
        (["true", "false"], { (node: JSONNode) in _ = try node.bool() }),
        (["number"], { (node: JSONNode) in _ = try node.int() }),
        (["number"], { (node: JSONNode) in _ = try node.nonNegativeInt() }),
        (["number"], { (node: JSONNode) in _ = try node.double() }),
        (["number"], { (node: JSONNode) in _ = try node.numberText() }),
        (["string"], { (node: JSONNode) in _ = try node.string() }),
        (["string"], { (node: JSONNode) in try node.withStringBytes { _ in } }),
        (["array"], { (node: JSONNode) in _ = try node.array() }),
        (["array"], { (node: JSONNode) in _ = try node.array(count: 3) }),
        (["object"], { (node: JSONNode) in try node.requireObject() }),
        (["object"], { (node: JSONNode) in _ = try JSONObjectReader(node) }),
        ([], { (node: JSONNode) in _ = try node.hex64() }),
        ([], { (node: JSONNode) in _ = try node.integerColumn() }),
        ([], { (node: JSONNode) in _ = try node.stringColumn() }),
        ([], { (node: JSONNode) in _ = try node.hex64Column() }),
      ]
      for (number, reader) in readers.enumerated() {
        if reader.accepts.contains(name) {
          #expect(throws: Never.self) { try reader.read(node) }
        } else if number < 12 || name != "array" {
          expectFailure("json.type", at: node.byteOffset, pointer: "/" + name) {
            try reader.read(node)
          }
        }
      }
    }
    expectFailure("json.type", at: root["array"]?.byteOffset ?? -1, pointer: "/array") {
      _ = try root["array"]?.array(count: 2)
    }
  }

  @Test(arguments: [
    ("0", 0), ("7", 7), ("-7", -7), ("9007199254740991", 9_007_199_254_740_991),
    ("-9007199254740991", -9_007_199_254_740_991), ("1000000000000000", 1_000_000_000_000_000),
  ])
  func readsIntegers(_ text: String, _ value: Int) throws {
    #expect(try parse(text).int() == value)
    #expect(try parse("[\(text)]").integerColumn() == [value])
  }

  @Test(arguments: [
    ("9007199254740992", "json.number-range"), ("-9007199254740992", "json.number-range"),
    ("18446744073709551616", "json.number-range"), ("18446744073709551617", "json.number-range"),
    ("99999999999999999", "json.number-range"), ("-99999999999999999999999", "json.number-range"),
    ("1.0", "json.type"), ("-0", "json.type"), ("1e3", "json.type"), ("1E0", "json.type"),
    ("-1.5", "json.type"),
    ("NaN", "json.type"),
    ("Infinity", "json.type"), ("\"1\"", "json.type"), ("null", "json.type"), ("[]", "json.type"),
  ])
  func refusesOtherIntegers(_ text: String, _ code: String) throws {
    let root = try parse("[1,\(text),2]", .python)
    for read in [
      { (node: JSONNode) in _ = try node[1]?.int() },
      { (node: JSONNode) in _ = try node[1]?.nonNegativeInt() },
      { (node: JSONNode) in _ = try node.integerColumn() },
      { (node: JSONNode) in _ = try node.nonNegativeIntegerColumn() },
    ] as [(JSONNode) throws -> Void] {
      expectFailure(code, at: 3, pointer: "/1") { try read(root) }
    }
  }

  @Test func refusesNegativeIntegersWhereNoneMayBe() throws {
    let root = try parse("[0,5,-1]")
    #expect(try root.integerColumn() == [0, 5, -1])
    expectFailure("json.number-range", at: 5, pointer: "/2") {
      _ = try root.nonNegativeIntegerColumn()
    }
    expectFailure("json.number-range", at: 5, pointer: "/2") {
      _ = try root[2]?.nonNegativeInt()
    }
    #expect(try parse("[0,5]").nonNegativeIntegerColumn() == [0, 5])
  }

  @Test func readsDoubles() throws {
    #expect(
      try parse("[0.1,-2.5e-3,1e308,5e-324,1e-400,-0.0,12]").elements.map { try $0.double() } == [
        0.1, -0.0025, 1e308, Double.leastNonzeroMagnitude, 0, 0, 12,
      ])
    #expect(try parse("-0.0").double().sign == .minus)
    let special = try parse("[NaN,Infinity,-Infinity]", .python).elements.map { try $0.double() }
    #expect(special[0].isNaN)
    #expect(special[1...] == [.infinity, -.infinity])
    expectFailure("json.number-range", at: 0, pointer: "") { _ = try parse("1e309").double() }
    expectFailure("json.number-range", at: 0, pointer: "") {
      _ = try parse("-1e309", .python).double()
    }
  }

  @Test func readsHexadecimalDigests() throws {
    #expect(try parse("\"0123456789abcdef\"").hex64() == 0x0123_4567_89ab_cdef)
    #expect(
      try parse(#"["ffffffffffffffff","0000000000000000","\u0061000000000000000"]"#).hex64Column()
        == [.max, 0, 0xa000_0000_0000_0000])
    for text in [
      "\"0123456789ABCDEF\"", "\"0123456789abcde\"", "\"0123456789abcdef0\"",
      "\"0123456789abcdeg\"", "\"\"", "1234567890123456",
    ] {
      expectFailure("json.type", at: 0, pointer: "") { _ = try parse(text).hex64() }
      expectFailure("json.type", at: 20, pointer: "/1") {
        _ = try parse("[\"0000000000000000\",\(text)]").hex64Column()
      }
    }
  }

  @Test func readsColumnsOfStrings() throws {
    #expect(
      try parse(#"["","a","a longer string than fits","\n","é"]"#).stringColumn() == [
        "", "a", "a longer string than fits", "\n", "é",
      ])
    #expect(try parse("[]").stringColumn() == [])
    expectFailure("json.type", at: 5, pointer: "/1") { _ = try parse(#"["a",1]"#).stringColumn() }
    expectFailure("json.type", at: 5, pointer: "/1") {
      _ = try parse(#"["a",[["b"]],"c"]"#).stringColumn()
    }
    expectFailure("json.type", at: 1, pointer: "/0") {
      _ = try parse(#"[{"a":"b"},"c"]"#).stringColumn()
    }
  }

  @Test func convertsToModelValues() throws {
    let json = try parse(#"{"b":[1.50,null,true],"a":{"x":"y"}}"#).json
    #expect(
      json
        == .object([
          .init("b", .array([.number("1.50"), .null, .bool(true)])),
          .init("a", .object([.init("x", .string("y"))])),
        ]))
    guard case .object(let members) = json else { return }
    #expect(members.map(\.name) == ["b", "a"])
  }

  @Test func namesTheValueInMessages() throws {
    let long = String(repeating: "x", count: 1000)
    let error = failure { _ = try parse("[\"\(long)\\n\"]")[0]?.int() }
    #expect((error?.message.utf8.count ?? 0) < 200)
    #expect(error?.message.contains("\n") == false)
  }
}
