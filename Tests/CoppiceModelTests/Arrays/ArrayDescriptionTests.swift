import CoppiceModel
import Testing

/// The output of `print` for arrays: as NumPy, with type and shape.
struct ArrayDescriptionTests {
  private func text(_ dtype: DType, _ shape: Shape, _ bytes: [UInt8]) throws -> String {
    try NDArray(dtype: dtype, shape: shape, bytes: bytes).description
  }

  @Test func rowsLieBelowEachOther() throws {
    #expect(
      try NDArray([[1, 2.5, -3], [40, 5, 6]] as [[Float]]).description == """
        [[ 1.0,  2.5, -3.0],
         [40.0,  5.0,  6.0]] float32 [2, 3]
        """)
    #expect(
      try NDArray([[[1, 2], [3, 4]], [[5, 6], [7, 8]]] as [[[Int16]]]).description == """
        [[[1, 2],
          [3, 4]],

         [[5, 6],
          [7, 8]]] int16 [2, 2, 2]
        """)
  }

  @Test func scalarsAndEmptyArraysHaveTheirTexts() throws {
    #expect(try NDArray(scalar: 7).description == "7 int64 []")
    #expect(try text(.float32, [2, 0], []) == "[] float32 [2, 0]")
  }

  @Test func elementsAreTheShortestNumbersOfTheirType() throws {
    #expect(try NDArray([0.1, 1e-7] as [Float]).description == "[0.1, 1e-07] float32 [2]")
    #expect(try NDArray([0.1, 1e16]).description == "[0.1, 1e+16] float64 [2]")
    #expect(try text(.float16, [1], [0x66, 0x2E]) == "[0.1] float16 [1]")
    #expect(try text(.bfloat16, [2], [0x49, 0x40, 0xC0, 0x7F]) == "[3.140625, nan] bfloat16 [2]")
    #expect(try text(.float8_e4m3fn, [2], [0x38, 0xB9]) == "[1.0, -1.125] float8_e4m3fn [2]")
    #expect(try text(.float4_e2m1fn, [2], [0x07, 0x09]) == "[6.0, -0.5] float4_e2m1fn [2]")
    #expect(try text(.int4, [2], [0x07, 0x08]) == "[7, -8] int4 [2]")
    #expect(try NDArray([true, false]).description == "[true, false] bool [2]")
    #expect(
      try text(.complex64, [1], [0, 0, 0x80, 0x3F, 0xCD, 0xCC, 0xCC, 0xBD])
        == "[1.0-0.1j] complex64 [1]")
  }

  @Test func longArraysAreSummarised() throws {
    #expect(
      try NDArray(Array(0..<1001)).description == "[0, 1, 2, ..., 998, 999, 1000] int64 [1001]")
    #expect(
      try NDArray((0..<2000).map(Int32.init), shape: [1000, 2]).description == """
        [[   0,    1],
         [   2,    3],
         [   4,    5],
         ...,
         [1994, 1995],
         [1996, 1997],
         [1998, 1999]] int32 [1000, 2]
        """)
    #expect(try NDArray(Array(0..<1000)).description.contains("500"))
  }

  /// No dimension of it is long.
  @Test func manyDimensionsAreCut() throws {
    let shape = try #require(Shape(Array(repeating: 2, count: 20)))
    let text = try NDArray.zeros(.uint8, shape: shape).description
    #expect(text.filter { $0 == "0" }.count == 1000)
    #expect(text.contains("..."))
  }
}
