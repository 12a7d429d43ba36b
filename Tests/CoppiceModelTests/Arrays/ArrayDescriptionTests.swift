import CoppiceModel
import Testing

/// The output of `print` for arrays: the text of NumPy, with type and shape.
struct ArrayDescriptionTests {
  @Test func typeAndShapeFollowTheText() throws {
    #expect(
      try NDArray([[1, 2.5, -3], [40, 5, 6]] as [[Float]]).description == """
        [[ 1.   2.5 -3. ]
         [40.   5.   6. ]] float32 [2, 3]
        """)
    #expect(try NDArray(scalar: 7).description == "7 int64 []")
    #expect(
      try NDArray(dtype: .float32, shape: [2, 0], bytes: []).description == "[] float32 [2, 0]")
    #expect(try NDArray([true, false]).description == "[ True False] bool [2]")
    #expect(
      try NDArray(Array(0..<1001)).description == "[   0    1    2 ...  998  999 1000] int64 [1001]"
    )
  }

  /// No dimension of it is long.
  @Test func manyDimensionsAreCut() throws {
    let shape = try #require(Shape(Array(repeating: 2, count: 20)))
    let text = try NDArray.zeros(.uint8, shape: shape).description
    #expect(text.count { $0 == "0" } <= 10_000 + 10)
    #expect(text.contains("..."))
    #expect(text.count { $0 == "[" } == text.count { $0 == "]" })
  }
}
