import CoppiceModel
import CoppiceTestSupport
import Testing

/// Elements with bits that their type doesn't use are found wherever they are.
struct ElementCheckTests {
  private static func array(
    _ dtype: DType, _ bytes: [UInt8], _ shape: [Int]? = nil
  ) throws -> NDArray {
    try NDArray(dtype: dtype, shape: #require(Shape(shape ?? [bytes.count])), bytes: bytes)
  }

  private static func fault(_ body: () throws -> Void) -> CoppiceError? {
    do {
      try body()
      return nil
    } catch {
      return error as? CoppiceError
    }
  }

  private static func check(_ dtype: DType, _ bytes: [UInt8]) -> CoppiceError? {
    fault { try array(dtype, bytes).withBytes { try ElementCheck.check($0, dtype) } }
  }

  /// The bits of MOD-12; all others use the whole byte.
  @Test(
    arguments: [
      (DType.bool, 1), (.int2, 3), (.uint2, 3), (.int4, 15), (.uint4, 15), (.float4_e2m1fn, 15),
      (.int8, 255), (.uint8, 255), (.float8_e8m0fnu, 255),
    ] as [(DType, UInt8)])
  func aTypeHasTheBytesUpToItsLargest(_ dtype: DType, _ largest: UInt8) {
    for byte in UInt8.min ... .max {
      #expect((Self.check(dtype, [byte]) == nil) == (byte <= largest), "\(dtype) \(byte)")
    }
  }

  @Test(arguments: [1, 7, 8, 9, 63, 4096, (16 << 10) - 1, 16 << 10, (16 << 10) + 1, 40_000])
  func theFirstBadElementIsNamed(_ count: Int) {
    for place in Set([0, count / 2, count - 1]) {
      var bytes = [UInt8](repeating: 1, count: count)
      bytes[place] = 2
      bytes[count - 1] |= 2
      let error = Self.check(.bool, bytes)
      #expect(error?.code.rawValue == "arrays.bad-element")
      #expect(error?.message.hasPrefix("element \(place) of the bool array is the byte ") == true)
    }
    #expect(Self.check(.bool, [UInt8](repeating: 1, count: count)) == nil)
  }

  @Test func aBoxIsReadWithIndicesOfTheArray() throws {
    let base = try Self.array(.int4, [0, 1, 2, 3, 4, 5, 0x1F, 7, 8, 9, 10, 11], [3, 4])
    let source = CheckedSource(base)
    var row = [UInt8](repeating: 0, count: 2)
    var span = row.mutableSpan
    var bytes = span.mutableBytes
    try source.read(.box([2, 1], [1, 2]), into: &bytes)
    #expect(row == [9, 10])
    let inBox = Self.fault {
      var span = row.mutableSpan
      var bytes = span.mutableBytes
      try source.read(.box([1, 1], [1, 2]), into: &bytes)
    }
    #expect(inBox?.message.hasPrefix("element 6 of the int4 array is the byte 31,") == true)
    let whole = Self.fault { try source.forEachPiece(ofAtMost: 5) { _ in } }
    #expect(whole?.message == inBox?.message)
  }

  /// numpy.frombuffer(bytes, bool).astype(numpy.uint8)
  @Test func numpyTakesWhatIsNotZeroAsTrue() throws {
    let bytes: [UInt8] = [0, 1, 2, 255, 0, 128]
    let source = try #require(NormalizedBoolSource(try Self.array(.bool, bytes, [2, 3])))
    #expect(try source.load().withBytes { $0.copied } == [0, 1, 1, 1, 0, 1])
    var pieces: [[UInt8]] = []
    try source.forEachPiece(ofAtMost: 2) { pieces.append($0.copied) }
    #expect(pieces == [[0, 1], [1, 1], [0, 1]])
    let checked = CheckedSource(try Self.array(.bool, bytes))
    #expect(
      try NormalizedBoolSource(checked)?.load().withBytes { $0.copied } == [0, 1, 1, 1, 0, 1])
    #expect(NormalizedBoolSource(try Self.array(.uint2, bytes)) == nil)
  }
}
