import CoppiceModel
import Testing

@Suite struct CastErrorTests {
  private static func bytes<Element: FixedWidthInteger>(_ elements: [Element]) -> [UInt8] {
    elements.flatMap { element in
      (0..<(Element.bitWidth / 8)).map { UInt8(truncatingIfNeeded: element >> ($0 * 8)) }
    }
  }

  private static func bytes(_ elements: [Float]) -> [UInt8] { bytes(elements.map(\.bitPattern)) }

  private static func error(
    _ source: DType, _ target: DType, _ mode: CastMode, _ elements: [UInt8]
  ) -> CoppiceError? {
    #expect(throws: CoppiceError.self) {
      try Cast(from: source, to: target, mode: mode)(elements)
    }
  }

  @Test func namesTheFirstElementThatOverflows() {
    let error = Self.error(.float32, .float16, .rounding, Self.bytes([1, 2, 65520, 1e9]))
    #expect(error?.code == .castOutOfRange)
    #expect(
      error?.message == """
        element 2 of the float32 array is 65520.0, which is out of the range of float16; use a \
        wider type, or lossy mode if it may change
        """)
  }

  @Test func namesTheFirstElementThatIsInexact() {
    let error = Self.error(.float32, .bfloat16, .exact, Self.bytes([0.5, .nan, 0.1]))
    #expect(error?.code == .castInexact)
    #expect(
      error?.message == """
        element 2 of the float32 array is 0.10000000149011612, which bfloat16 can't hold exactly; \
        use rounding mode if it may change
        """)
  }

  @Test func pointsToLossyModeWhereRoundingWouldNotHelp() {
    let error = Self.error(.int32, .float32, .rounding, Self.bytes([16_777_217 as Int32]))
    #expect(error?.code == .castInexact)
    #expect(
      error?.message == """
        element 0 of the int32 array is 16777217, which float32 can't hold exactly; use lossy mode \
        if it may change
        """)
  }

  @Test(arguments: [(300, "lossy"), (17, "rounding")] as [(Float, String)])
  func pointsToRoundingModeOnlyWhereItWouldHelp(element: Float, mode: String) {
    // float8_e3m4 ends at 15.5; float8_e4m3fn has 16 and 18.
    let target: DType = element == 300 ? .float8_e3m4 : .float8_e4m3fn
    let error = Self.error(.float32, target, .exact, Self.bytes([element]))
    #expect(error?.code == .castInexact)
    #expect(error?.message.contains("use \(mode) mode") == true)
  }

  @Test func refusesToLeaveAKindUnlessAsked() {
    let error = Self.error(.float32, .int32, .rounding, [])
    #expect(error?.code == .castUnsupported)
    #expect(
      error?.message == """
        float32 to int32 isn't a cast within one kind of number; use exact mode, which refuses \
        values that would change, or lossy mode, which truncates
        """)
  }

  @Test(arguments: CastMode.allCases) func refusesUnusedBits(mode: CastMode) {
    for (dtype, byte) in [(DType.bool, 2), (.int4, 0x10), (.uint2, 4), (.float4_e2m1fn, 0x80)] {
      for target in [dtype, .float32] where Cast.isSupported(from: dtype, to: target, mode: mode) {
        let error = Self.error(dtype, target, mode, [0, 1, 1, UInt8(byte), 0xFF])
        #expect(error?.code == .castInvalidElement)
        #expect(error?.message.hasPrefix("element 3 of the \(dtype) array is the byte 0x") == true)
      }
    }
  }

  @Test(arguments: [4094, 4095, 4096, 4097, 8192, 9999])
  func countsElementsAcrossBlocks(place: Int) {
    var elements = [Int64](repeating: 1, count: 10000)
    elements[place] = 1 << 40 + 1
    for target in [DType.int32, .uint8, .float16, .complex64, .uint4] {
      let error = Self.error(.int64, target, .exact, Self.bytes(elements))
      #expect(
        error?.message.hasPrefix("element \(place) of the int64 array is 1099511627777") == true)
    }
  }
}
