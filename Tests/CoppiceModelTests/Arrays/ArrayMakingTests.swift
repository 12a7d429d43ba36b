import CoppiceModel
import Testing

struct ArrayMakingTests {
  @Test func zerosAreZero() throws {
    let array = try NDArray.zeros(.float32, shape: [2, 3])
    #expect(array == (try NDArray([[0, 0, 0], [0, 0, 0]] as [[Float]])))
    #expect(try NDArray.zeros(.bool, shape: [0]).elements(as: Bool.self) == [])
  }

  @Test func fullArraysHaveEqualElements() throws {
    #expect(
      try NDArray.full(1.5 as Float, shape: [2, 1]) == (try NDArray([[1.5], [1.5]] as [[Float]])))
    #expect(try NDArray.full(true, shape: []) == (try NDArray(scalar: true)))
  }

  @Test func castsConvert() throws {
    let array = try NDArray([1, 2.5, -3] as [Float])
    #expect(try array.cast(to: .float64) == (try NDArray([1, 2.5, -3])))
    #expect(
      try array.cast(to: .bfloat16)
        == (try NDArray(dtype: .bfloat16, shape: [3], bytes: [0x80, 0x3F, 0x20, 0x40, 0x40, 0xC0])))
    #expect(try array.cast(to: .int8, mode: .lossy) == (try NDArray([1, 2, -3] as [Int8])))
    #expect(throws: CoppiceError(.castUnsupported, "")) { try array.cast(to: .int8) }
    #expect(throws: CoppiceError(.castInexact, "")) { try array.cast(to: .int8, mode: .exact) }
  }

  @Test func elementsAreGivenOneByOne() throws {
    let array = try NDArray([[1, 2, 3], [4, 5, 6]] as [[Int32]])
    #expect(try array.element(1, 2, as: Int32.self) == 6)
    #expect(try NDArray(scalar: 7.5).element() == 7.5)
    for indices in [(2, 0), (0, 3), (-1, 0)] {
      #expect(throws: CoppiceError(.modelOutOfBounds, "")) {
        try array.element(indices.0, indices.1, as: Int32.self)
      }
    }
    #expect(throws: CoppiceError(.modelOutOfBounds, "")) { try array.element(as: Int32.self) }
    #expect(throws: CoppiceError(.modelElementType, "")) { try array.element(0, 0, as: Int.self) }
  }
}
