import Coppice
import Testing

/// Numbers of every type: at their edges, from other types, and where they don't fit.
struct StateValueTests {
  private struct Everything: Codable, Equatable {
    var bool = true
    var int = Int.min
    var int8 = Int8.min
    var int16 = Int16.max
    var int32 = Int32.min
    var int64 = Int64.max
    var int128 = Int128.min
    var uint = UInt.max
    var uint8 = UInt8.max
    var uint16 = UInt16.max
    var uint32 = UInt32.max
    var uint64 = UInt64.max
    var uint128 = UInt128.max
    var half: Float16 = 65504
    var float = Float.leastNonzeroMagnitude
    var double = Double.greatestFiniteMagnitude
    var minusZero = -0.0
    var infinity = -Float.infinity
    var text = "e\u{301}\n\u{0}"
    var some: Int? = 3
    var none: Int?
    var noText: String?
    var noBool: Bool?
    var noFloat: Float?
    var noArray: [Float]?
    var array = [1.5, .infinity] as [Double]?
  }

  @Test func everyValueComesBack() throws {
    #expect(try roundTrip(Everything()) == Everything())
  }

  @Test func everyFieldKeepsItsKey() throws {
    let tree = try TreeEncoder().encode(Everything())
    #expect(tree.children.count == 26)
    #expect(tree[TreePath([.key("none")])] == Tree.none)
    #expect(tree[TreePath([.key("noBool")])] == Tree.none)
    #expect(
      tree[TreePath([.key("uint128")])]
        == .value(.int(try #require(IntegerText("340282366920938463463374607431768211455")))))
  }

  @Test(
    arguments: [0x7FF0_0000_0000_0001, 0xFFF8_0000_DEAD_BEEF, 0x8000_0000_0000_0000] as [UInt64])
  func bitsOfDoublesAreKept(_ bits: UInt64) throws {
    let tree = try TreeEncoder().encode(Double(bitPattern: bits))
    #expect(tree == .value(.float(Float64Bits(bitPattern: bits))))
    #expect(try TreeDecoder().decode(Double.self, from: tree).bitPattern == bits)
    let array = try TreeDecoder().decode(NDArray.self, from: tree)
    #expect(try array.elements(as: Double.self).map(\.bitPattern) == [bits])
  }

  // A float32's fraction is the top of a float64's.
  @Test(
    arguments: [
      (0x7F80_0001, 0x7FF0_0000_2000_0000), (0xFFC0_1234, 0xFFF8_0246_8000_0000),
    ] as [(UInt32, UInt64)])
  func bitsOfFloatsAreKept(_ bits: UInt32, _ wide: UInt64) throws {
    let tree = try TreeEncoder().encode(Float(bitPattern: bits))
    #expect(tree == .value(.float(Float64Bits(bitPattern: wide))))
    #expect(try TreeDecoder().decode(Float.self, from: tree).bitPattern == bits)
    #expect(try roundTrip([Float(bitPattern: bits)]).map(\.bitPattern) == [bits])
  }

  @Test func numbersComeFromArraysWithoutDimensions() throws {
    let decoder = TreeDecoder()
    let count: Tree<NDArray> = .leaf(try NDArray(scalar: 4657 as Int32))
    #expect(try decoder.decode(Int.self, from: count) == 4657)
    #expect(try decoder.decode(UInt16.self, from: count) == 4657)
    #expect(try decoder.decode(Double.self, from: count) == 4657)
    #expect(try decoder.decode(Float16.self, from: .leaf(NDArray(scalar: 0.5))) == 0.5)
    #expect(try decoder.decode(Int8.self, from: .leaf(NDArray(scalar: -3.0 as Float))) == -3)
    #expect(try decoder.decode(Bool.self, from: .leaf(NDArray(scalar: true))) == true)
    let bfloat = try NDArray(dtype: .bfloat16, shape: .scalar, bytes: [0x80, 0x3F])
    #expect(try decoder.decode(Float.self, from: .leaf(bfloat)) == 1)
    #expect(try decoder.decode(Int.self, from: .leaf(bfloat)) == 1)
  }

  @Test func arraysWithoutDimensionsComeFromNumbers() throws {
    let decoder = TreeDecoder()
    #expect(try decoder.decode(NDArray.self, from: .integer(-5)) == NDArray(scalar: -5))
    #expect(
      try decoder.decode(NDArray.self, from: .integer(UInt64.max)) == NDArray(scalar: UInt64.max))
    #expect(try decoder.decode(NDArray.self, from: .number(2.5)) == NDArray(scalar: 2.5))
    #expect(try decoder.decode(NDArray.self, from: .value(.bool(true))) == NDArray(scalar: true))
    let complex = try decoder.decode(
      NDArray.self, from: .value(.complex(real: .init(1), imaginary: .init(-2))))
    #expect(complex.dtype == .complex128)
    #expect(complex.withBytes { $0.unsafeLoad(fromByteOffset: 8, as: Double.self) } == -2)
    let large: Tree<NDArray> = .value(.int(try #require(IntegerText("18446744073709551616"))))
    #expect(refusal(of: NDArray.self, from: large)?.code == .stateCoding)
  }

  @Test func onlyValuesThatTheTypeHasAreTaken() throws {
    let half: Tree<NDArray> = .number(0.5)
    #expect(try TreeDecoder().decode(Float.self, from: half) == 0.5)
    let tenth: Tree<NDArray> = .number(0.1)
    for error in [
      refusal(of: Float.self, from: tenth), refusal(of: Int.self, from: half),
      refusal(of: Float.self, from: .integer(16_777_217)),
      refusal(of: Double.self, from: .integer(Int.max)),
      refusal(of: Int8.self, from: .integer(128)), refusal(of: UInt.self, from: .integer(-1)),
      refusal(of: Int.self, from: .number(-0.0)), refusal(of: Int.self, from: .number(.nan)),
      refusal(of: Bool.self, from: .integer(1)), refusal(of: Int.self, from: .value(.bool(true))),
      refusal(of: Float.self, from: .text("1")), refusal(of: String.self, from: .integer(1)),
      refusal(of: Float.self, from: .array([1] as [Float])),
      refusal(of: [Float].self, from: .array([0.1])),
      refusal(of: [Float].self, from: .array([true])),
      refusal(of: Int.self, from: .none), refusal(of: [Int].self, from: .none),
    ] {
      #expect(error?.code == .stateCoding)
    }
  }

  @Test func roundingIsAChoice() throws {
    var options = TreeDecoder.Options()
    options.casts = .rounding
    let decoder = TreeDecoder(options: options)
    #expect(try decoder.decode(Float.self, from: .number(0.1)) == 0.1)
    #expect(try decoder.decode([Float].self, from: .array([0.1, 0.2])) == [0.1, 0.2])
    #expect(refusal(of: Float.self, from: .number(1e300), options)?.code == .stateCoding)
  }

  @Test func vectorsComeFromArraysOfOtherTypes() throws {
    let decoder = TreeDecoder()
    let bfloat = try NDArray(
      dtype: .bfloat16, shape: try #require(Shape([3])),
      bytes: [0x80, 0x3F, 0x00, 0xC0, 0xC0, 0x7F])
    let floats = try decoder.decode([Float].self, from: .leaf(bfloat))
    #expect(floats[0] == 1 && floats[1] == -2 && floats[2].isNaN)
    #expect(try decoder.decode([Int].self, from: .array([1, 2] as [UInt8])) == [1, 2])
    #expect(try decoder.decode([UInt8].self, from: .value(.bytes([0, 255]))) == [0, 255])
    let error = refusal(of: [Int8].self, from: .array([1, 300]))
    #expect(error?.message.contains("element 1") == true)
    #expect(error?.message.contains("300") == true)
  }

  @Test func onlyTruthsAreBools() throws {
    let bytes = try NDArray(dtype: .bool, shape: try #require(Shape([2])), bytes: [1, 2])
    #expect(refusal(of: [Bool].self, from: .leaf(bytes))?.code == .stateCoding)
    #expect(refusal(of: ContiguousArray<Bool>.self, from: .leaf(bytes))?.code == .stateCoding)
    let one = try NDArray(dtype: .bool, shape: .scalar, bytes: [2])
    #expect(refusal(of: Bool.self, from: .leaf(one)) != nil)
  }
}

/// JSON values in states, by the encoders of trees.
struct DocumentsInStatesTests {
  private struct State: Codable, Equatable {
    var notes: JSON
  }

  @Test func documentsAreNodes() throws {
    let state = State(
      notes: ["7": [1, 2.5, .number("18446744073709551615"), "s", false, .null], "o": [:]])
    let tree: Tree<NDArray> = [
      "notes": [
        "7": [1, 2.5, 18_446_744_073_709_551_615, "s", false, .null], "o": [:],
      ]
    ]
    #expect(try TreeEncoder().encode(state) == tree)
    #expect(try TreeDecoder().decode(State.self, from: tree) == state)
  }
}
