import CoppiceConformance
import CoppiceModel
import Testing

/// Kinds of differences, and what is no difference.
struct ComparisonTests {
  /// A description with one of each thing that can differ.
  private static let truth = #"""
    {"dumpVersion": 1, "step": 3, "metrics": {"loss": 1.50}, "checkpointables": {
     "state": {"kind": "tree", "tree": {"dict": {
      "w": {"array": {"dtype": "float32", "shape": [2, 3], "sha256": "aa",
        "sharding": {"mesh": [["x", 2]], "partition": [["x"], []]}}},
      "7": {"scalar": {"type": "int", "value": "1"}},
      "rng": {"array": {"dtype": "uint32", "shape": [2], "sha256": "cc", "prngImpl": "rbg"}},
      "n": {"scalar": {"type": "float", "value": "nan", "bits": "7ff8000000000001"}},
      "r": {"namedtuple": {"class": "A", "fields": [["p", {"none": true}], ["q", {"string": "s"}]]}},
      "l": {"list": [{"bytes": "00"}, {"emptyTuple": true}]},
      "t": {"array": {"dtype": "unicode", "shape": [2], "sha256": "bb", "lengths": [1, 2]}}},
      "was": {"integerKeys": ["7"]}}},
     "files": {"kind": "opaque", "files": {"a/b": {"size": 2, "sha256": "dd"}}},
     "config": {"kind": "json", "value": {"x": [1, true, null]}}}}
    """#

  @Test func findsNothingWhereNothingDiffers() throws {
    let truth = try json(Self.truth)
    #expect(DumpComparison.differences(expected: truth, observed: truth) == [])
  }

  @Test(arguments: [
    ("\"value\": \"1\"", "\"value\": \"2\"", "/state/7"),
    ("\"type\": \"int\"", "\"type\": \"float\"", "/state/7"),
    ("\"dtype\": \"float32\"", "\"dtype\": \"int32\"", "/state/w"),
    ("[2, 3]", "[3, 2]", "/state/w"), ("[2, 3]", "[6]", "/state/w"),
    ("\"aa\"", "\"ab\"", "/state/w"),
    ("[[\"x\", 2]]", "[[\"x\", 3]]", "/state/w sharding"),
    ("[[\"x\"], []]", "[[], [\"x\"]]", "/state/w sharding"),
    ("\"mesh\": [[\"x\", 2]]", "\"devices\": [1, 0], \"mesh\": [[\"x\", 2]]", "/state/w sharding"),
    ("\"was\": {\"integerKeys\": [\"7\"]}", "\"was\": {}", "/state"),
    ("\"was\": {\"integerKeys\": [\"7\"]}", "\"was\": {\"integerKeys\": [\"7\", \"w\"]}", "/state"),
    ("\"prngImpl\": \"rbg\"", "\"prngImpl\": \"threefry2x32\"", "/state/rng"),
    (", \"prngImpl\": \"rbg\"", "", "/state/rng"),
    ("7ff8000000000001", "7ff8000000000000", "/state/n"),
    ("\"class\": \"A\"", "\"class\": \"B\"", "/state/r"),
    ("[[\"p\", {\"none\": true}], [\"q\"", "[[\"q\", {\"none\": true}], [\"p\"", "/state/r"),
    ("{\"none\": true}", "{\"string\": \"\"}", "/state/r/p"),
    ("{\"string\": \"s\"}", "{\"bytes\": \"73\"}", "/state/r/q"),
    ("\"bytes\": \"00\"", "\"bytes\": \"0000\"", "/state/l/0"),
    ("{\"emptyTuple\": true}", "{\"emptyList\": true}", "/state/l/1"),
    (", {\"emptyTuple\": true}", "", "/state/l"),
    ("\"list\": [", "\"tuple\": [", "/state/l"),
    ("\"lengths\": [1, 2]", "\"lengths\": [2, 1]", "/state/t"),
    ("\"size\": 2", "\"size\": 3", "/files/a/b"), ("\"dd\"", "\"de\"", "/files/a/b"),
    ("\"a/b\"", "\"a/c\"", "/files/a/b"), ("\"opaque\"", "\"json\"", "/files"),
    ("[1, true, null]", "[1, true]", "/config"),
    ("[1, true, null]", "[1.0, true, null]", "/config"),
    ("[1, true, null]", "[1, null, true]", "/config"), ("\"step\": 3", "\"step\": 4", "/"),
    ("\"step\": 3, ", "", "/"), ("1.50", "1.5", "/"), ("\"metrics\"", "\"customMetadata\"", "/"),
    ("\"state\": {", "\"stat\": {", "/state"), ("\"rng\": {", "\"key\": {", "/state/rng"),
    ("\"rng\": {", "\"rng2\": {\"none\": true}, \"rng\": {", "/state/rng2"),
  ])
  func seesNearMisses(_ part: String, _ changed: String, _ place: String) throws {
    let observed = Self.truth.replacingFirst(part, with: changed)
    #expect(observed != Self.truth)
    let found = DumpComparison.differences(
      expected: try json(Self.truth), observed: try json(observed))
    #expect(found.contains { $0.hasPrefix(place + ":") }, "\(found)")
  }

  @Test func seesTheOrderOfKeys() throws {
    let pair = (#""a": {"none": true}"#, #""b": {"none": true}"#)
    func tree(_ first: String, _ second: String) throws -> JSON {
      try json(
        #"{"dumpVersion": 1, "root": {"kind": "tree", "tree": {"dict": {\#(first), \#(second)}}}}"#)
    }
    let found = DumpComparison.differences(
      expected: try tree(pair.0, pair.1), observed: try tree(pair.1, pair.0))
    #expect(found.count == 1)
  }

  /// Two spellings of one character are two keys.
  @Test func comparesKeysByTheirBytes() throws {
    let composed = try json(
      #"{"root": {"kind": "tree", "tree": {"dict": {"\u00e9": {"none": true}}}}}"#)
    let other = try json(
      #"{"root": {"kind": "tree", "tree": {"dict": {"e\u0301": {"none": true}}}}}"#)
    #expect(DumpComparison.differences(expected: composed, observed: other).count == 2)
  }

  @Test func comparesAdditionsOnlyWhereTheTruthHasThem() throws {
    let plain = #"{"root": {"kind": "tree", "tree": {"dict": {"7": {"none": true}}}}}"#
    let more = #"""
      {"step": 1, "root": {"kind": "tree", "tree": {"dict": {"7": {"none": true}}, "was": {"integerKeys": ["7"]}}}}
      """#
    #expect(DumpComparison.differences(expected: try json(plain), observed: try json(more)) == [])
    let complete = plain.replacingFirst("{", with: "{\"dumpVersion\": 1, ")
    #expect(
      DumpComparison.differences(expected: try json(complete), observed: try json(more)).count == 2)
    #expect(
      DumpComparison.differences(expected: try json(more), observed: try json(plain)).count == 2)
  }

  /// The first elements and the original Python types inform; numbers of metadata are equal by value.
  @Test func comparesOtherFormatsByWhatTheyKeep() throws {
    let truth = #"""
      {"layout": "x", "customMetadata": {"a": 1.50}, "root": {"kind": "tree", "tree": {"list": [
       {"array": {"dtype": "float32", "shape": [1], "sha256": "aa", "first": ["0.0"], "given": 1}}], "was": "tuple"}}}
      """#
    let observed = #"""
      {"customMetadata": {"a": 1.5}, "root": {"kind": "tree", "tree": {"list": [
       {"array": {"dtype": "float32", "shape": [1], "sha256": "aa", "first": []}}]}}}
      """#
    #expect(
      DumpComparison.differences(
        expected: try json(truth), observed: try json(observed), isForeign: true) == [])
    #expect(
      !DumpComparison.differences(expected: try json(truth), observed: try json(observed)).isEmpty)
  }

  @Test(arguments: ["{}", "[]", "{\"steps\": {}}", "{\"root\": {}}", "{\"checkpointables\": {}}"])
  func takesNothingForEverything(_ observed: String) throws {
    let found = DumpComparison.differences(
      expected: try json(Self.truth), observed: try json(observed))
    #expect(!found.isEmpty)
  }

  @Test(arguments: ["{}", "{\"chekpointables\": {}}", "[]"])
  func takesNoTruthThatSaysNothing(_ expected: String) throws {
    let truth = try json(expected)
    #expect(!DumpComparison.differences(expected: truth, observed: truth).isEmpty)
  }
}

extension String {
  /// The text with the first occurrence of a part replaced.
  fileprivate func replacingFirst(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return replacingCharacters(in: range, with: other)
  }

  private func firstRange(of part: String) -> Range<String.Index>? {
    indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
  }

  private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
