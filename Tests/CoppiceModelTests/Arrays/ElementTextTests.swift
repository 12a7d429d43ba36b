import CoppiceModel
import Testing

@Suite struct ElementTextTests {
  /// Integers, bools, and Python's text of floats and complex numbers.
  @Test(arguments: DType.allCases) func elementsAreWrittenAsPythonDoes(dtype: DType) {
    let lines = CastVectors.lines("texts.txt").filter { $0[0] == dtype.rawValue }
    #expect(!lines.isEmpty)
    let bytes: [UInt8] = [0, 0, 0] + lines.flatMap { CastVectors.bytes($0[1], dtype) }
    let elements = bytes.span.bytes.extracting(3..<bytes.count)
    for (index, line) in lines.enumerated() {
      #expect(dtype.text(ofElement: index, in: elements) == line[2])
    }
  }

  @Test func unusedBitsAreIgnored() {
    let bytes: [UInt8] = [0xFF, 0x1F, 0x21]
    #expect(DType.int4.text(ofElement: 0, in: bytes.span.bytes) == "-1")
    #expect(DType.uint4.text(ofElement: 1, in: bytes.span.bytes) == "15")
    #expect(DType.bool.text(ofElement: 2, in: bytes.span.bytes) == "true")
    #expect(DType.float4_e2m1fn.text(ofElement: 0, in: bytes.span.bytes) == "-6.0")
  }
}
