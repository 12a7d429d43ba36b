import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import Testing

@Suite struct DuplicateNameTests {
  @Test func refusesNamesThatAreEqualAsTheyStand() {
    expectFailure("json.duplicate-name", at: 7, pointer: "/a") {
      _ = try parse(#"{"a":1,"a":1}"#)
    }
    expectFailure("json.duplicate-name", at: 13, pointer: "/b") {
      _ = try parse(#"{"b":1,"a":1,"b":2}"#)
    }
    expectFailure("json.duplicate-name", at: 6, pointer: "/") {
      _ = try parse(#"{"":1,"":1}"#)
    }
    expectFailure("json.duplicate-name", at: 16, pointer: "/x/0/c") {
      _ = try parse(#"{"x":[{"c":[1], "c":{}}]}"#)
    }
  }

  @Test func refusesNamesThatAreEqualUnescaped() {
    expectFailure("json.duplicate-name", at: 7, pointer: "/a") {
      _ = try parse(#"{"a":1,"\u0061":1}"#)
    }
    expectFailure("json.duplicate-name", at: 9, pointer: "/a~1b") {
      _ = try parse(#"{"a/b":1,"a\u002fb":1}"#)
    }
    expectFailure("json.duplicate-name", at: 18, pointer: "/😀") {
      _ = try parse(#"{"\ud83d\ude00":1,"😀":1}"#)
    }
  }

  @Test func refusesInTheDialectOfPythonToo() {
    expectFailure("json.duplicate-name", at: 9, pointer: "/a") {
      _ = try parse(#"{"a":NaN,"a":1}"#, .python)
    }
  }

  @Test func tellsUnicodeNormalFormsApart() throws {
    let root = try parse(#"{"\u00e9":1,"e\u0301":2,"Å":3,"A\u030a":4,"\u212b":5}"#)
    #expect(root.count == 5)
    #expect(try root["\u{e9}"]?.int() == 1)
    #expect(try root["e\u{301}"]?.int() == 2)
    #expect(try root["\u{212b}"]?.int() == 5)
  }

  @Test func tellsPrefixesNULsAndCaseApart() throws {
    #expect(try parse(#"{"a":1,"aa":2,"a\u0000":3,"A":4,"":5," ":6,"\u0000":7}"#).count == 7)
  }

  @Test func allowsANameInDifferentObjects() throws {
    #expect(try parse(#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}"#).count == 2)
  }

  /// The first name that stands twice is reported, in any order and size of object.
  @Test(arguments: [3, 10, 17, 100, 1000])
  func reportsTheSecondOfEqualNames(count: Int) {
    var names = (0..<count).map { "n\($0)" }
    var random = SeededGenerator(seed: UInt64(count))
    names.shuffle(using: &random)
    let repeated = names[1]
    names.insert(repeated, at: count - 1)
    names.append(names[0])
    let head = "{" + names[..<(count - 1)].map { "\"\($0)\":[{}]," }.joined()
    let rest = names[(count - 1)...].map { "\"\($0)\":[{}]" }.joined(separator: ",") + "}"
    expectFailure("json.duplicate-name", at: head.utf8.count, pointer: "/" + repeated) {
      _ = try parse(head + rest)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func takesALargeObjectInAnyOrder() throws {
    var names = (0..<200_000).map { String($0, radix: 36) + "/weight" }
    var random = SeededGenerator(seed: 7)
    names.shuffle(using: &random)
    let source = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    #expect(try parse(source).count == names.count)
    let last = names[0]
    #expect(throws: CoppiceError.self) {
      _ = try parse(source.dropLast() + ",\"\(last)\":0}")
    }
  }
}
