import CoppiceConformance
import CoppiceFiles
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Answers to the requests of a case that are near misses of the required ones.
struct QueryTests {
  private let scratch: TemporaryDirectory

  init() throws { scratch = try TemporaryDirectory() }

  /// A runner that gives one answer to all requests except loading and validating all.
  private struct Parrot: ConformanceRunner {
    var answer: RunnerAnswer

    func answer(to request: RunnerRequest) throws(CoppiceError) -> RunnerAnswer {
      switch request.query {
      case .load(nil): .described(.object([.init("checkpointables", .object([]))]), warnings: [])
      case .validate(.data): .validated([])
      default: answer
      }
    }
  }

  /// Returns the faults of an answer to the one request of a case.
  private func faults(
    of answer: RunnerAnswer, to request: String, expecting expected: String
  ) throws -> [String] {
    let suite = try OutputDirectory.createAll(
      [String(UInt64.random(in: 0...UInt64.max))], below: scratch.path)
    let path = try OutputDirectory.createAll(["1.0", "x"], below: suite)
    let document = """
      {"id": "1.0/x", "title": "t", "outcome": "valid", \
      "queries": [{"request": \(request), "expected": \(expected)}]}
      """
    for (name, text) in [
      ("case.json", document), ("expected.json", #"{"checkpointables": {}}"#),
    ] {
      try OutputFile.create(
        path.appending(name), holding: Array(text.utf8), durability: .buffered)
    }
    let catalog = try FixtureCatalog(at: suite)
    let fixture = try #require(catalog.cases.first, "\(catalog.faults)")
    return try ConformanceRun.run(fixture, with: Parrot(answer: answer)).faults
  }

  private static let box = #"""
    {"query": "load", "checkpointable": ["a"], "path": "w", "box": {"offset": [0], "shape": [1]}}
    """#
  private static let array = #"{"array": {"dtype": "int8", "shape": [1], "sha256": "aa"}}"#

  @Test func takesTheRightAnswers() throws {
    let array = try json(Self.array)
    #expect(
      try faults(
        of: .described(array, warnings: nil), to: Self.box,
        expecting: #"{"outcome": "valid", "dump": \#(Self.array)}"#) == [])
  }

  @Test(arguments: [
    (#"{"array": {"dtype": "int8", "shape": [1], "sha256": "ab"}}"#, "sha256"),
    (#"{"array": {"dtype": "int8", "shape": [2], "sha256": "aa"}}"#, "shape"),
    (#"{"list": []}"#, "must be array"),
  ])
  func seesAnotherPart(_ dump: String, _ fault: String) throws {
    let found = try faults(
      of: .described(try json(dump), warnings: nil), to: Self.box,
      expecting: #"{"outcome": "valid", "dump": \#(Self.array)}"#)
    #expect(found.count == 1 && found[0].contains(fault), "\(found)")
    #expect(found.first?.contains(#""checkpointable":["a"]"#) == true)
  }

  @Test(arguments: [RunnerAnswer.refused(nil), .refused("c.d"), .absent(names: nil)])
  func seesAnotherRefusal(_ answer: RunnerAnswer) throws {
    let expected = #"{"outcome": "invalid", "codes": ["a.b", "b.c"]}"#
    #expect(try faults(of: answer, to: Self.box, expecting: expected).count == 1)
    #expect(try faults(of: .refused("b.c"), to: Self.box, expecting: expected) == [])
  }

  @Test func comparesTheNamesThatAreThere() throws {
    let request = #"{"query": "load", "checkpointable": ["c"]}"#
    let expected = #"{"outcome": "absent", "names": ["a", "b"]}"#
    #expect(try faults(of: .absent(names: ["b", "a"]), to: request, expecting: expected) == [])
    #expect(try faults(of: .absent(names: ["a"]), to: request, expecting: expected).count == 1)
    #expect(try faults(of: .absent(names: nil), to: request, expecting: expected).count == 1)
  }

  @Test func validationFindsAllAndNothingElse() throws {
    let request = #"{"query": "validate", "level": "document"}"#
    let expected = #"{"outcome": "invalid", "codes": ["a.b", "b.c"], "also": ["c.d"]}"#
    func found(_ codes: String...) throws -> [String] {
      try faults(
        of: .validated(codes.map { RunnerAnswer.Finding(code: $0, isWarning: false) }),
        to: request, expecting: expected)
    }
    #expect(try found("a.b", "b.c") == [])
    #expect(try found("b.c", "c.d", "a.b") == [])
    #expect(try found("a.b").count == 1)
    #expect(try found("a.b", "b.c", "d.e").count == 1)
    #expect(try found().count == 2)
  }

  @Test func comparesTheFaultsOfAListing() throws {
    let request = #"{"query": "list"}"#
    let dump =
      #"{"checkpointables": {"a": {"fault": {"code": "x.y"}}, "b": {"kind": "json", "value": 1}}}"#
    let expected = #"{"outcome": "valid", "dump": \#(dump)}"#
    func given(_ text: String) throws -> [String] {
      try faults(of: .described(try json(text), warnings: nil), to: request, expecting: expected)
    }
    #expect(try given(dump) == [])
    #expect(
      try given(
        #"{"checkpointables": {"a": {"fault": {"code": "x.z"}}, "b": {"kind": "json", "value": 1}}}"#
      ).count == 1)
    #expect(
      try given(
        #"{"checkpointables": {"a": {"kind": "json", "value": 1}, "b": {"kind": "json", "value": 1}}}"#
      ).count == 1)
    #expect(try given(#"{"checkpointables": {"a": {"fault": {"code": "x.y"}}}}"#).count == 1)
  }
}
