import Coppice
import Foundation
import Testing

/// The node that each kind of Swift value becomes.
struct StateEncodingTests {
  private func encode(_ value: some Encodable) throws -> Tree<NDArray> {
    try TreeEncoder().encode(value)
  }

  private struct Layer: Codable, Equatable {
    var weight: NDArray
    var bias: [Float]
    var name: String?
  }

  @Test func structsBecomeDictionariesInTheOrderOfTheirFields() throws {
    let weight = try NDArray([[1, 2], [3, 4]] as [[Float]])
    let tree = try encode(Layer(weight: weight, bias: [0.5, 1], name: nil))
    #expect(
      tree
        == .keyed([
          "weight": .leaf(weight), "bias": .array([0.5, 1] as [Float]), "name": .none,
        ]))
    #expect(tree.leaves.map(\.path.description) == ["weight", "bias"])
  }

  @Test func structsBecomeRecordsOnRequest() throws {
    var options = TreeEncoder.Options()
    options.structures = .records
    let layer = Layer(weight: try NDArray(scalar: 1 as Int8), bias: [], name: "a")
    let tree = try TreeEncoder(options: options).encode(["x": layer])
    #expect(
      tree
        == .keyed([
          "x": .record(
            .init(
              type: "Layer",
              fields: [
                .init("weight", .leaf(try NDArray(scalar: 1 as Int8))),
                .init("bias", .array([] as [Float])), .init("name", .text("a")),
              ]))
        ]))
    #expect(try roundTrip(["x": layer], options) == ["x": layer])
  }

  @Test func arraysKeepTheirStorage() throws {
    let array = try NDArray([1, 2, 3] as [Double])
    guard case .leaf(let leaf) = try encode(array) else {
      Issue.record("no leaf")
      return
    }
    #expect(leaf.storage === array.storage)
    let decoded = try TreeDecoder().decode([String: NDArray].self, from: .keyed(["a": .leaf(leaf)]))
    #expect(decoded["a"]?.storage === array.storage)
  }

  @Test func numbersSideBySideAreOneArray() throws {
    #expect(try encode([1, 2, 3] as [Float]) == .array([1, 2, 3] as [Float]))
    #expect(
      try encode([[1, 2, 3], [4, 5, 6]] as [[Int16]])
        == .array([[1, 2, 3], [4, 5, 6]] as [[Int16]]))
    let cube: [[[UInt8]]] = [[[1, 2]], [[3, 4]], [[5, 6]]]
    guard case .leaf(let array) = try encode(cube) else {
      Issue.record("no leaf")
      return
    }
    #expect(array.dtype == .uint8)
    #expect(array.shape.dimensions == [3, 1, 2])
    #expect(
      array.withBytes { bytes in
        (0..<6).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
      }
        == [1, 2, 3, 4, 5, 6])
    #expect(try roundTrip(cube) == cube)
    #expect(try roundTrip([true, false, true]) == [true, false, true])
    #expect(try roundTrip([1, -1] as [Float16]) == [1, -1])
  }

  @Test func emptyArraysKeepTypeAndRank() throws {
    let shapes: [(Tree<NDArray>, DType, [Int])] = [
      (try encode([] as [Float]), .float32, [0]), (try encode([] as [[Int8]]), .int8, [0, 0]),
      (try encode([[], []] as [[Bool]]), .bool, [2, 0]),
      (try encode([[[]]] as [[[Double]]]), .float64, [1, 1, 0]),
    ]
    for (tree, dtype, shape) in shapes {
      guard case .leaf(let array) = tree else {
        Issue.record("no leaf")
        continue
      }
      #expect(array.dtype == dtype)
      #expect(array.shape.dimensions == shape)
    }
    #expect(try roundTrip([[], []] as [[Bool]]) == [[], []])
    #expect(try roundTrip([[[]]] as [[[Double]]]) == [[[]]])
  }

  @Test func rowsOfDifferentLengthsAreAListOfArrays() throws {
    let rows: [[Float]] = [[1], [2, 3], []]
    #expect(
      try encode(rows)
        == .list([
          .array([1] as [Float]), .array([2, 3] as [Float]), .array([] as [Float]),
        ]))
    #expect(try roundTrip(rows) == rows)
    let deep: [[[Int]]] = [[[1, 2], [3]], [[4, 5], [6, 7]]]
    #expect(try roundTrip(deep) == deep)
  }

  @Test func otherSequencesOfNumbersAreArraysToo() throws {
    #expect(try encode(ContiguousArray([1, 2] as [Float])) == .array([1, 2] as [Float]))
    #expect(try encode(SIMD3<Double>(1, 2, 3)) == .array([1, 2, 3] as [Double]))
    #expect(try encode(0..<7) == .array([0, 7]))
    #expect(try encode(Data([1, 2, 255])) == .array([1, 2, 255] as [UInt8]))
    #expect(try roundTrip(ContiguousArray([1, 2] as [Float])) == [1, 2])
    #expect(try roundTrip(SIMD3<Double>(1, 2, 3)) == SIMD3(1, 2, 3))
    #expect(try roundTrip(0..<7) == 0..<7)
    #expect(try roundTrip(Data([1, 2, 255])) == Data([1, 2, 255]))
    #expect(try roundTrip(ContiguousArray<Bool>([true, false])) == [true, false])
  }

  @Test func optionalNumbersAreAList() throws {
    let numbers: [Float?] = [1, nil, 0.5]
    #expect(try encode(numbers) == .list([.number(1), .none, .number(0.5)]))
    #expect(try roundTrip(numbers) == numbers)
  }

  @Test func textsAreAList() throws {
    #expect(try encode(["a", ""]) == .list([.text("a"), .text("")]))
    #expect(try roundTrip(["a", ""]) == ["a", ""])
  }

  @Test func dictionariesAreSortedAndKeepIntegerKeys() throws {
    #expect(
      try encode([10: "x", -1: "y", 9: "z"])
        == .dict([.init(-1, .text("y")), .init(9, .text("z")), .init(10, .text("x"))]))
    #expect(
      try encode(["b": 1, "a": 2, "B": 3])
        == .keyed(["B": .integer(3), "a": .integer(2), "b": .integer(1)]))
    #expect(try roundTrip([10: "x", -1: "y"]) == [10: "x", -1: "y"])
  }

  private enum Head: String, Codable, CodingKeyRepresentable { case policy, value }

  @Test func otherKeysAreKept() throws {
    #expect(
      try encode([Head.value: 1, .policy: 2])
        == .keyed(["policy": .integer(2), "value": .integer(1)]))
    #expect(try roundTrip([Head.value: 1, .policy: 2]) == [.value: 1, .policy: 2])
    // Keys that are no coding keys: keys and values in turn, as the standard library has it.
    #expect(try encode([true: "x"]) == .list([.value(.bool(true)), .text("x")]))
    #expect(try roundTrip([true: "x", false: "y"]) == [true: "x", false: "y"])
  }

  @Test func setsAreSorted() throws {
    #expect(try encode(Set([3, 1, 2])) == .array([1, 2, 3]))
    #expect(try encode(Set(["b", "a"])) == .list([.text("a"), .text("b")]))
    #expect(try roundTrip(Set([3, 1, 2])) == [1, 2, 3])
  }

  private enum Schedule: Codable, Equatable {
    case constant(Float)
    case cosine(peak: Double, steps: [Int])
    case none
  }

  @Test func enumsWithValuesAreDictionariesOfTheirCase() throws {
    #expect(
      try encode(Schedule.cosine(peak: 0.5, steps: [1, 2]))
        == .keyed(["cosine": .keyed(["peak": .number(0.5), "steps": .array([1, 2])])]))
    #expect(try encode(Schedule.none) == .keyed(["none": .keyed([:])]))
    for schedule in [Schedule.constant(0.25), .cosine(peak: 1, steps: []), .none] {
      #expect(try roundTrip(schedule) == schedule)
      #expect(try roundTrip([schedule, nil]) == [schedule, nil])
    }
  }

  @Test func tuplesAreTuples() throws {
    let tuple = TreeTuple(1, "a", [1.5] as [Float])
    #expect(
      try encode(tuple) == .tuple([.integer(1), .text("a"), .array([1.5] as [Float])]))
    #expect(try encode(TreeTuple(1, 2)) == .tuple([.integer(1), .integer(2)]))
    #expect(try roundTrip(tuple) == tuple)
  }

  private class Base: Codable {
    var weight: [Float] = [1]
  }

  private final class Derived: Base {
    var bias: Float = 2

    override init() { super.init() }

    private enum CodingKeys: CodingKey { case bias }

    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(bias, forKey: .bias)
      try super.encode(to: container.superEncoder())
    }

    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      bias = try container.decode(Float.self, forKey: .bias)
      try super.init(from: try container.superDecoder())
    }
  }

  @Test func superclassesHaveTheirOwnPlace() throws {
    let value = Derived()
    value.weight = [3, 4]
    value.bias = 5
    let tree = try encode(value)
    #expect(
      tree
        == .keyed(["bias": .number(5), "super": .keyed(["weight": .array([3, 4] as [Float])])]))
    let decoded = try TreeDecoder().decode(Derived.self, from: tree)
    #expect(decoded.weight == [3, 4])
    #expect(decoded.bias == 5)
  }

  @Test func typesOfFoundationAreWhatTheyEncode() throws {
    let date = Date(timeIntervalSinceReferenceDate: 1234.5)
    #expect(try encode(date) == .number(1234.5))
    #expect(try roundTrip(date) == date)
    let url = try #require(URL(string: "https://example.org/a?b=c"))
    #expect(try roundTrip(url) == url)
    let uuid = UUID()
    #expect(try encode(uuid) == .text(uuid.uuidString))
    #expect(try roundTrip(uuid) == uuid)
    #expect(try roundTrip(Decimal(string: "12.75")) == Decimal(string: "12.75"))
  }

  private struct Raw: Codable, Equatable {
    var tree: Tree<NDArray>
    var value: TreeValue
    var texts: TextArray
    var large: IntegerText
  }

  @Test func whatTreesAreMadeOfIsTakenAsItIs() throws {
    let raw = Raw(
      tree: .tuple([.dict([.init(7, .array([1]))]), .none]),
      value: .complex(real: .init(1), imaginary: .init(-2)),
      texts: try #require(
        TextArray(shape: Shape([2]) ?? .scalar, elements: .strings(["a", "b"]))),
      large: try #require(IntegerText("123456789012345678901234567890")))
    #expect(
      try encode(raw)
        == .keyed([
          "tree": raw.tree, "value": .value(raw.value), "texts": .value(.stringArray(raw.texts)),
          "large": .value(.int(raw.large)),
        ]))
    #expect(try roundTrip(raw) == raw)
  }

  private final class Chain: Encodable {
    var next: Chain?
  }

  @Test func valuesThatContainThemselvesAreRefused() throws {
    let chain = Chain()
    chain.next = chain
    let error = #expect(throws: CoppiceError.self) { try encode(chain) }
    #expect(error?.code == .stateCoding)
    #expect(error?.message.contains("deeper than 128") == true)
    chain.next = nil
  }

  private struct Refusing: Encodable {
    func encode(to encoder: any Encoder) throws {
      throw EncodingError.invalidValue(
        1, .init(codingPath: encoder.codingPath, debugDescription: "not today"))
    }
  }

  @Test func errorsNameTheCodingPath() throws {
    let error = #expect(throws: CoppiceError.self) { try encode(["a": [["b/c": Refusing()]]]) }
    #expect(error?.code == .stateCoding)
    #expect(error?.location.treePath == "a/0/b%2Fc")
    #expect(error?.message == "not today")
  }
}
