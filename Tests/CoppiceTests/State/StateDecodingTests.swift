import Coppice
import Testing

/// Trees that other programs wrote, and trees that don't fit.
struct StateDecodingTests {
  private struct Adam: Codable, Equatable {
    var count: Int
    var mu: [String: NDArray]
  }

  private func adam() throws -> (Tree<NDArray>, Adam) {
    let mu = try NDArray([1, 2] as [Float])
    return (
      .keyed(["count": .leaf(try NDArray(scalar: 3 as Int32)), "mu": .keyed(["w": .leaf(mu)])]),
      Adam(count: 3, mu: ["w": mu])
    )
  }

  @Test func dictionariesAndRecordsAreStructs() throws {
    let (tree, value) = try adam()
    #expect(try TreeDecoder().decode(Adam.self, from: tree) == value)
    guard case .dict(let entries) = tree else { return }
    let record: Tree<NDArray> = .record(
      .init(
        type: "ScaleByAdamState",
        fields: zip(["count", "mu"], entries).map { .init($0, $1.node) }))
    #expect(try TreeDecoder().decode(Adam.self, from: record) == value)
  }

  @Test func sequencesHaveThreeForms() throws {
    let (tree, value) = try adam()
    for sequence: Tree<NDArray> in [
      .list([tree, .none]), .tuple([tree, .none]), .keyed(["0": tree, "1": .none]),
      .keyed(["1": .none, "0": tree]), .dict([.init(0, tree), .init(1, .none)]),
    ] {
      #expect(try TreeDecoder().decode([Adam?].self, from: sequence) == [value, nil])
      let tuple = try TreeDecoder().decode(TreeTuple<Adam, Int?>.self, from: sequence)
      #expect(tuple == TreeTuple(value, nil))
    }
    #expect(try TreeDecoder().decode([Adam].self, from: .keyed([:])) == [])
    for keys: KeyValuePairs<String, Tree<NDArray>> in [
      ["0": .none, "2": .none], ["0": .none, "00": .none], ["a": .none], ["-1": .none],
    ] {
      #expect(refusal(of: [Int?].self, from: .keyed(keys))?.code == .stateCoding)
    }
  }

  /// Flax has ten elements sorted as texts: 0, 1, 10, 2….
  @Test func elementsAreInTheOrderOfTheirNumbers() throws {
    let keys = (0..<12).map(String.init).sorted()
    let tree: Tree<NDArray> = .dict(keys.map { .init(.string($0), .text($0)) })
    #expect(try TreeDecoder().decode([String].self, from: tree) == (0..<12).map(String.init))
  }

  @Test func numbersOfAListAreAnArrayToo() throws {
    let list: Tree<NDArray> = .list([.integer(1), .leaf(try NDArray(scalar: 2 as Float))])
    #expect(try TreeDecoder().decode([Float].self, from: list) == [1, 2])
    let rows: Tree<NDArray> = .list([.array([1, 2] as [Float]), .list([.integer(3)])])
    #expect(try TreeDecoder().decode([[Float]].self, from: rows) == [[1, 2], [3]])
  }

  @Test func rowsOfAnArrayAreElements() throws {
    let tree: Tree<NDArray> = .array([[1, 2], [3, 4]] as [[Float]])
    #expect(
      try TreeDecoder().decode([NDArray].self, from: tree)
        == [try NDArray([1, 2] as [Float]), try NDArray([3, 4] as [Float])])
    #expect(try TreeDecoder().decode([SIMD2<Float>].self, from: tree) == [[1, 2], [3, 4]])
    #expect(try TreeDecoder().decode(Set<Int>.self, from: .array([1, 2, 1] as [UInt8])) == [1, 2])
  }

  @Test func textsComeFromArraysOfTexts() throws {
    let shape = try #require(Shape([2, 1]))
    let texts = try #require(TextArray(shape: shape, elements: .strings(["a", "b"])))
    #expect(
      try TreeDecoder().decode([[String]].self, from: .value(.stringArray(texts))) == [
        ["a"], ["b"],
      ])
  }

  @Test func integerKeysComeFromDigits() throws {
    let tree: Tree<NDArray> = .keyed(["7": .text("x"), "-1": .text("y")])
    #expect(try TreeDecoder().decode([Int: String].self, from: tree) == [7: "x", -1: "y"])
    #expect(
      refusal(of: [Int: String].self, from: .keyed(["07": .text("x")]))?.location.treePath == "07")
    #expect(refusal(of: [String: String].self, from: .dict([.init(7, .text("x"))])) != nil)
  }

  @Test func keysThatSwiftCannotTellApartAreRefused() throws {
    let tree: Tree<NDArray> = .keyed(["é": .integer(1), "e\u{301}": .integer(2)])
    #expect(refusal(of: [String: Int].self, from: tree)?.message.contains("two keys") == true)
    let digits: Tree<NDArray> = .dict([.init(7, .integer(1)), .init("7", .integer(2))])
    #expect(refusal(of: [Int: Int].self, from: digits)?.message.contains("two keys") == true)
  }

  private struct State: Codable {
    var step: Int
    var optimizer: [Adam]
  }

  @Test func errorsNameThePlaceWhatWasFoundAndWhatWasWanted() throws {
    let (tree, _) = try adam()
    let missing = refusal(
      of: State.self,
      from: .keyed(["step": .integer(1), "optimizer": .tuple([tree, .keyed(["mu": tree])])]))
    #expect(missing?.code == .stateCoding)
    #expect(missing?.location.treePath == "optimizer/1/count")
    #expect(missing?.message.contains(#"no "count" here: there is only "mu""#) == true)
    let wrong = refusal(
      of: State.self,
      from: .keyed([
        "step": .array([[1, 2]] as [[Float]]), "optimizer": .list([]),
      ]))
    #expect(wrong?.location.treePath == "step")
    #expect(
      wrong?.message == "found an array of float32 [1, 2], where the type asks for Int")
    let shape = refusal(of: [[Float]].self, from: .array([1] as [Float]))
    #expect(shape?.message.contains("float32 [1]") == true)
    #expect(shape?.message.contains("2 dimensions") == true)
    let kind = refusal(
      of: State.self, from: .keyed(["step": .integer(1), "optimizer": .text("x")]))
    #expect(kind?.location.treePath == "optimizer")
    #expect(kind?.message.contains("the text \"x\"") == true)
  }

  @Test func placesAreThoseOfTheTree() throws {
    let record: Tree<NDArray> = .record(
      .init(type: "S", fields: [.init("a/b", .keyed(["0": .text("x")]))]))
    struct Odd: Decodable {
      var inner: [Int]
      enum CodingKeys: String, CodingKey { case inner = "a/b" }
    }
    #expect(refusal(of: Odd.self, from: record)?.location.treePath == "a%2Fb/0")
    let integers: Tree<NDArray> = .dict([.init(7, .text("x"))])
    #expect(refusal(of: [Int: Int].self, from: integers)?.location.treePath == "%#7")
  }

  @Test func whatTheTypeDoesNotAskForIsReportedAllAtOnce() throws {
    let (adam, _) = try adam()
    let tree: Tree<NDArray> = .keyed([
      "step": .integer(1), "optimizer": .list([adam]), "extra": .keyed(["a": adam, "n": .none]),
      "note": .text("x"), "empty": .list([]),
    ])
    let (state, report) = try TreeDecoder().decodeWithReport(State.self, from: tree)
    #expect(state.step == 1)
    #expect(
      report.unused.map(\.description) == ["extra/a/count", "extra/a/mu/w", "note"])
    var options = TreeDecoder.Options()
    options.unused = .refused
    let error = refusal(of: State.self, from: tree, options)
    #expect(error?.code == .stateCoding)
    #expect(error?.message.contains("extra/a/count, extra/a/mu/w, note") == true)
    let exact: Tree<NDArray> = .keyed(["step": .integer(1), "optimizer": .list([adam])])
    #expect(throws: Never.self) {
      try TreeDecoder(options: options).decode(State.self, from: exact)
    }
    // All kinds of sequences and numbers count as decoded.
    struct Mixed: Codable {
      var a = [1, 2], b = ContiguousArray<Float>([1]), c = Set(["x"]), d: Int?
    }
    #expect(throws: Never.self) {
      try TreeDecoder(options: options).decode(Mixed.self, from: try TreeEncoder().encode(Mixed()))
    }
  }

  private struct Nest: Codable {
    var inner: [Nest]
  }

  @Test func deepTreesAreRefused() throws {
    var tree: Tree<NDArray> = .keyed(["inner": .list([])])
    for _ in 0..<1000 { tree = .keyed(["inner": .list([tree])]) }
    #expect(refusal(of: Nest.self, from: tree)?.message.contains("deeper") == true)
    var nest = Nest(inner: [])
    for _ in 0..<63 { nest = Nest(inner: [nest]) }
    #expect(throws: Never.self) { try roundTrip(nest) }
    nest = Nest(inner: [nest])
    #expect(throws: CoppiceError.self) { try roundTrip(nest) }
  }

  /// An array without elements may claim any number of rows.
  @Test func hostileShapesTakeNoMemory() throws {
    let shape = try #require(Shape([1 << 40, 0]))
    let tree: Tree<NDArray> = .leaf(try NDArray(dtype: .float32, shape: shape, bytes: []))
    #expect(refusal(of: [[Float]].self, from: tree)?.code == .stateCoding)
    #expect(refusal(of: [NDArray].self, from: tree)?.code == .stateCoding)
    #expect(refusal(of: Set<NDArray2>.self, from: tree)?.code == .stateCoding)
    let inner = try #require(Shape([2, 1 << 40, 0]))
    let cube: Tree<NDArray> = .leaf(try NDArray(dtype: .float32, shape: inner, bytes: []))
    #expect(refusal(of: [[[Float]]].self, from: cube)?.code == .stateCoding)
    #expect(try TreeDecoder().decode(NDArray.self, from: cube).shape == inner)
  }

  private typealias NDArray2 = [Float]

  @Test func errorsOfTypesAreGivenOn() throws {
    struct Odd: Error {}
    struct Throwing: Decodable { init(from decoder: any Decoder) throws { throw Odd() } }
    let error = refusal(of: [Throwing].self, from: .list([.none]))
    #expect(error?.code == .stateCoding)
    guard case .other(let cause)? = error?.cause else {
      Issue.record("no cause")
      return
    }
    #expect(cause is Odd)
  }
}
