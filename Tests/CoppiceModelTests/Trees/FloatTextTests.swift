import CoppiceModel
import Testing

@Suite struct FloatTextTests {
  @Test func numbersAreWrittenAsPythonDoesAndReadBack() {
    let lines = CastVectors.lines("floats.txt")
    #expect(lines.count > 1000)
    for line in lines {
      let number = Float64Bits(bitPattern: UInt64(line[0], radix: 16)!)
      #expect(FloatText.text(of: number) == line[1])
      #expect(FloatText.number(of: String(line[1])) == number)
    }
  }

  @Test(
    arguments: [
      (0x7ff8_0000_0000_0000, "nan"), (0x7ff8_0000_0000_0001, "nan:7ff8000000000001"),
      (0xfff8_0000_0000_0000, "nan:fff8000000000000"),
      (0x7ff0_0000_0000_0001, "nan:7ff0000000000001"),
      (0x7ff0_0000_0000_0000, "inf"), (0xfff0_0000_0000_0000, "-inf"),
      (0x8000_0000_0000_0000, "-0.0"), (0, "0.0"),
    ] as [(UInt64, String)])
  func specialNumbersHaveTheirTexts(bits: UInt64, text: String) {
    #expect(FloatText.text(of: Float64Bits(bitPattern: bits)) == text)
    #expect(FloatText.number(of: text)?.bitPattern == bits)
  }

  @Test(arguments: [
    "", " 1.0", "1.0 ", "1", "1.", ".5", "+1.0", "01.0", "1.50", "1e16", "1e+016", "1E+16", "0x1p3",
    "1e+15", "1e999", "-inf ", "Infinity", "-nan", "NaN", "nan:", "nan:7ff8000000000000",
    "nan:7ff0000000000000", "nan:3ff0000000000000", "nan:7FF8000000000001", "nan:7ff800000000001",
    "nan:+ff8000000000001", "0.10000000000000001", "1٫5", "1.0\u{0}",
  ])
  func otherTextsAreRefused(text: String) {
    #expect(FloatText.number(of: text) == nil)
  }
}
