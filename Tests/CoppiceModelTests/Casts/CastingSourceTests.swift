import CoppiceModel
import CoppiceTestSupport
import Testing

@Suite struct CastingSourceTests {
  /// 0, 1, 2… as float32 in an array of three dimensions.
  private static func counting(_ dimensions: [Int], changing: [Int: Float] = [:]) throws -> NDArray
  {
    let shape = try #require(Shape(dimensions))
    let bytes = (0..<shape.elementCount).flatMap { index in
      let bits = (changing[index] ?? Float(index)).bitPattern
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
    }
    return try NDArray(dtype: .float32, shape: shape, bytes: bytes)
  }

  private static func doubles(_ values: some Sequence<Int>) -> [UInt8] {
    values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: Double(value).bitPattern >> ($0 * 8)) }
    }
  }

  @Test func loadsConverted() throws {
    let source = try CastingSource(try Self.counting([5, 7, 11]), to: .float64)
    let array = try source.load()
    #expect(array.dtype == .float64)
    #expect(array.shape == source.shape)
    #expect(
      array.withBytes { $0.copied } == Self.doubles(0..<385))
  }

  @Test(arguments: [1, 4, 60, 200, 1 << 20]) func readsBoxesConverted(workingMemory: Int) throws {
    let source = try CastingSource(
      try Self.counting([5, 7, 11]), to: .float64, workingMemory: workingMemory)
    let box = ArrayBox.box([1, 2, 3], [3, 4, 5])
    var output = [UInt8](repeating: 0, count: 60 * 8)
    var span = output.mutableSpan
    var bytes = span.mutableBytes
    try source.read(box, into: &bytes)
    let expected = (1..<4).flatMap { i in
      (2..<6).flatMap { j in (3..<8).map { k in (i * 7 + j) * 11 + k } }
    }
    #expect(output == Self.doubles(expected))
  }

  @Test(arguments: [1, 8, 100, 1 << 20]) func givesPiecesConverted(limit: Int) throws {
    let source = try CastingSource(try Self.counting([5, 7, 11]), to: .float64)
    var output: [UInt8] = []
    try source.forEachPiece(ofAtMost: limit) { piece in
      #expect(piece.byteCount <= max(limit, 8))
      output += piece.copied
    }
    #expect(output == Self.doubles(0..<385))
  }

  @Test func namesElementsByTheirPlaceInTheWholeArray() throws {
    let base = try Self.counting([5, 7, 11], changing: [200: 1e9])
    let source = try CastingSource(base, to: .float16, workingMemory: 64)
    let box = ArrayBox.box([1, 2, 1], [3, 4, 9])
    let errors = [
      #expect(throws: CoppiceError.self) { try source.load() },
      #expect(throws: CoppiceError.self) {
        var output = [UInt8](repeating: 0, count: 108 * 2)
        var span = output.mutableSpan
        var bytes = span.mutableBytes
        try source.read(box, into: &bytes)
      },
      #expect(throws: CoppiceError.self) { try source.forEachPiece(ofAtMost: 10) { _ in } },
    ]
    for error in errors {
      #expect(error?.code == .castOutOfRange)
      #expect(error?.message.hasPrefix("element 200 of the float32 array is 1000000000.0") == true)
    }
  }

  @Test func emptyArraysAndScalarsAreConverted() throws {
    #expect(
      try CastingSource(try Self.counting([3, 0, 2]), to: .int8, mode: .exact).load().byteCount == 0
    )
    #expect(try CastingSource(try Self.counting([]), to: .int8, mode: .exact).load().byteCount == 1)
  }

  @Test func threadsShareACast() async throws {
    let input = CastVectors.elements(.float16)
    let cast = try Cast(from: .float16, to: .float8_e5m2, mode: .lossy)
    let expected = try cast(input)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (try? Cast(from: .float16, to: .float8_e5m2, mode: .lossy)(input)) == expected
        }
        group.addTask { (try? cast(input)) == expected }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}
