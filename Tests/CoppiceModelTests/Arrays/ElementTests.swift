import CoppiceModel
import CoppiceTestSupport
import Foundation
import Testing

/// Arrays from Swift's numbers and back.
struct ElementTests {
  private func bytes(_ array: NDArray) -> [UInt8] { array.withBytes { $0.copied } }

  @Test func elementsLieLittleEndianInCOrder() throws {
    let array = try NDArray([[1, -2, 3], [4, 5, 256]] as [[Int16]])
    #expect(array.dtype == .int16)
    #expect(array.shape == Shape([2, 3]))
    #expect(bytes(array) == [1, 0, 0xFE, 0xFF, 3, 0, 4, 0, 5, 0, 0, 1])
    #expect(try bytes(NDArray([1, -2.5] as [Float])) == [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0])
    #expect(try bytes(NDArray(scalar: 1 as Float16)) == [0, 0x3C])
  }

  @Test func everyTypeHasItsElementType() throws {
    func dtype(_ element: some ArrayElement) throws -> DType {
      let array = try NDArray([element])
      #expect(try NDArray(scalar: element).dtype == array.dtype)
      return array.dtype
    }
    #expect(try dtype(true) == .bool)
    #expect(try dtype(1 as Int8) == .int8)
    #expect(try dtype(1 as Int16) == .int16)
    #expect(try dtype(1 as Int32) == .int32)
    #expect(try dtype(1 as Int64) == .int64)
    #expect(try dtype(1 as Int) == .int64)
    #expect(try dtype(1 as UInt8) == .uint8)
    #expect(try dtype(1 as UInt16) == .uint16)
    #expect(try dtype(1 as UInt32) == .uint32)
    #expect(try dtype(1 as UInt64) == .uint64)
    #expect(try dtype(1 as UInt) == .uint64)
    #expect(try dtype(1 as Float16) == .float16)
    #expect(try dtype(1 as Float) == .float32)
    #expect(try dtype(1 as Double) == .float64)
  }

  /// A type of one's own.
  private struct BFloat16: ArrayElement, Equatable {
    static var dtype: DType { .bfloat16 }
    var bits: UInt16
  }

  @Test func typesOfOnesOwnAreElements() throws {
    let array = try NDArray([[BFloat16(bits: 0x3F80)], [BFloat16(bits: 0xC000)]])
    #expect(array.dtype == .bfloat16)
    #expect(bytes(array) == [0x80, 0x3F, 0, 0xC0])
    #expect(try array.elements(as: BFloat16.self).map(\.bits) == [0x3F80, 0xC000])
  }

  @Test func shapesMayBeGiven() throws {
    let array = try NDArray([1, 2, 3, 4, 5, 6], shape: Shape([1, 3, 2]))
    #expect(array.shape == Shape([1, 3, 2]))
    #expect(try array.nested(as: [[[Int]]].self) == [[[1, 2], [3, 4], [5, 6]]])
    let error = #expect(throws: CoppiceError.self) { try NDArray([1, 2, 3], shape: Shape([2])) }
    #expect(error?.code == .modelByteCount)
  }

  @Test func rowsMustHaveEqualLengths() throws {
    for error in [
      #expect(throws: CoppiceError.self) { try NDArray([[1, 2], [3]]) },
      #expect(throws: CoppiceError.self) { try NDArray([[[1], [2]], [[3], []]]) },
    ] {
      #expect(error?.code.rawValue == "model.ragged")
    }
  }

  @Test func elementsAreOfTheArraysTypeOnly() throws {
    let array = try NDArray([1.5, -2] as [Float])
    #expect(try array.elements(as: Float.self) == [1.5, -2])
    #expect(try array.elements() == [1.5, -2] as [Float])
    let error = #expect(throws: CoppiceError.self) { try array.elements(as: Double.self) }
    #expect(error?.code.rawValue == "model.element-type")
    #expect(error?.message.contains("float32") == true)
    #expect(error?.message.contains("float64") == true)
    let rank = #expect(throws: CoppiceError.self) { try array.nested(as: [[Float]].self) }
    #expect(rank?.code.rawValue == "model.rank")
    #expect(try NDArray(scalar: 2.5).nested(as: Double.self) == 2.5)
  }

  @Test func emptyArraysHaveNoElements() throws {
    #expect(try NDArray([] as [[Float]]).shape == Shape([0, 0]))
    #expect(try NDArray([] as [Float]).elements(as: Float.self) == [])
    #expect(try NDArray([[], []] as [[Int8]]).nested(as: [[Int8]].self) == [[], []])
    let manyRows = try #require(Shape([1 << 50, 0]))
    let hostile = try NDArray(dtype: .int8, shape: manyRows, bytes: [])
    #expect(throws: CoppiceError.self) { try hostile.nested(as: [[Int8]].self) }
    #expect(try hostile.elements(as: Int8.self) == [])
  }

  @Test func boolsAreCheckedBeforeTheyAreLent() throws {
    var raw = [UInt8](repeating: 1, count: 10_000)
    let shape = try #require(Shape([10_000]))
    #expect(
      try NDArray(dtype: .bool, shape: shape, bytes: raw).elements(as: Bool.self).allSatisfy { $0 })
    raw[9_999] = 2
    let array = try NDArray(dtype: .bool, shape: shape, bytes: raw)
    for error in [
      #expect(throws: CoppiceError.self) { try array.elements(as: Bool.self) },
      #expect(throws: CoppiceError.self) { try array.withElements(as: Bool.self) { $0.count } },
    ] {
      #expect(error?.code == .castInvalidElement)
      #expect(error?.message.contains("element 9999 ") == true)
    }
  }

  @Test func elementsAreLentWhereTheyLie() throws {
    let array = try NDArray([[1, 2], [3, 4]] as [[Double]])
    let sum = try array.withElements(as: Double.self) { span in
      var sum = 0.0
      for index in span.indices { sum += span[index] }
      return sum
    }
    #expect(sum == 10)
    #expect(try NDArray([] as [Double]).withElements(as: Double.self) { $0.count } == 0)
  }

  @Test func arraysAreEqualBitForBit() throws {
    let nan = Float(bitPattern: 0x7FC0_0001)
    #expect(try NDArray([nan]) == NDArray([nan]))
    #expect(try NDArray([nan]) != NDArray([Float.nan]))
    #expect(try NDArray([0.0]) != NDArray([-0.0]))
    #expect(try NDArray([1, 2]) != NDArray([[1, 2]]))
    #expect(try NDArray([0] as [Int32]) != NDArray([0] as [UInt32]))
    #expect(try NDArray([] as [Float]) == NDArray([] as [Float]))
  }

  @Test func boxesAreCopied() throws {
    let array = try NDArray((0..<24).map { Int32($0) }, shape: Shape([2, 3, 4]))
    #expect(
      try array.slice(1..<2, 0..<2, 1..<3).nested(as: [[[Int32]]].self) == [[[13, 14], [17, 18]]])
    #expect(try array.slice(1..<2).elements(as: Int32.self) == Array(12..<24))
    #expect(try array.slice().storage === array.storage)
    #expect(try array.slice(0..<2, 3..<3).elements(as: Int32.self) == [])
    #expect(try array.row(1).shape == Shape([3, 4]))
    #expect(try array.row(1).row(2).row(3) == NDArray(scalar: 23 as Int32))
    let extents = try #require(Shape([2, 1, 1]))
    let box = try #require(ArrayBox(offset: [0, 1, 0], shape: extents))
    #expect(try array.slice(box).nested(as: [[[Int32]]].self) == [[[4]], [[16]]])
    for error in [
      #expect(throws: CoppiceError.self) { try array.slice(0..<3) },
      #expect(throws: CoppiceError.self) { try array.slice(-1..<1) },
      #expect(throws: CoppiceError.self) { try array.slice(Int.min..<Int.max) },
      #expect(throws: CoppiceError.self) { try array.slice(0..<1, 0..<1, 0..<1, 0..<1) },
      #expect(throws: CoppiceError.self) { try array.row(2) },
      #expect(throws: CoppiceError.self) { try array.row(-1) },
      #expect(throws: CoppiceError.self) { try NDArray(scalar: 1).row(0) },
    ] {
      #expect(error?.code.rawValue == "model.out-of-bounds")
    }
  }

  @Test func changesAreThoseOfOneCopyOnly() throws {
    var array = try NDArray([1, 2, 3] as [Float])
    let first = array.storage
    let shared = array
    try array.withMutableElements(as: Float.self) { $0[1] = 5 }
    #expect(try array.elements(as: Float.self) == [1, 5, 3])
    #expect(try shared.elements(as: Float.self) == [1, 2, 3])
    #expect(shared.storage === first)
    // The array owns its storage from now on, so it isn't copied again.
    let own = ObjectIdentifier(array.storage)
    try array.withMutableBytes { $0.storeBytes(of: 7 as Float, toByteOffset: 0, as: Float.self) }
    #expect(ObjectIdentifier(array.storage) == own)
    #expect(try array.elements(as: Float.self) == [7, 5, 3])
    #expect(throws: CoppiceError.self) { try array.withMutableElements(as: Double.self) { _ in } }
    var empty = try NDArray([] as [Int8])
    #expect(try empty.withMutableElements(as: Int8.self) { $0.count } == 0)
  }

  @Test func otherEncodersTakeArraysToo() throws {
    let array = try NDArray([[1, 2], [3, 4]] as [[Int16]])
    let json = try JSONEncoder().encode(["a": array])
    #expect(try JSONDecoder().decode([String: NDArray].self, from: json) == ["a": array])
    for text in [
      #"{"dtype":"int17","shape":[1],"bytes":[1]}"#, #"{"dtype":"int8","shape":[-1],"bytes":[1]}"#,
      #"{"dtype":"int8","shape":[2],"bytes":[1]}"#,
    ] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(NDArray.self, from: Data(text.utf8))
      }
    }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(Tree.leaf(array)) }
  }
}
