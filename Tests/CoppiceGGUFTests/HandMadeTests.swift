import CoppiceGGUF
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import Testing

/// Files made by hand from the description of the format: limits, and what the library doesn't write.
struct HandMadeTests {
  private func code(_ file: HandMade, limits: ReadLimits = .standard) -> String? {
    #expect(throws: CoppiceError.self) { try file.open(limits: limits) }?.code.rawValue
  }

  /// The bytes of arrays in each other, the innermost empty.
  private func nested(_ depth: Int) -> [UInt8] {
    let outer = HandMade.bytes(UInt32(9)) + HandMade.bytes(UInt64(1))
    let inner = HandMade.bytes(UInt32(4)) + HandMade.bytes(UInt64(0))
    return Array(repeatElement(outer, count: depth - 1).joined()) + inner
  }

  @Test func nestedArraysHaveALimit() throws {
    var limits = ReadLimits()
    limits.depth = 5
    var file = HandMade()
    file.add("x", 9, nested(4))
    #expect(try file.open(limits: limits).custom == ["x": [[[[]]]]])
    file.metadata = []
    file.add("x", 9, nested(5))
    #expect(code(file, limits: limits) == "gguf.limit")
    file.metadata = []
    file.add("x", 9, nested(100_000))
    #expect(code(file) == "gguf.limit")
  }

  @Test func arraysTogetherHaveALimit() throws {
    var limits = ReadLimits()
    limits.leaves = 10
    var file = HandMade()
    let six = HandMade.bytes(UInt32(0)) + HandMade.bytes(UInt64(6)) + [1, 2, 3, 4, 5, 6]
    file.add("a", 9, six)
    #expect(try file.open(limits: limits).custom == ["a": [1, 2, 3, 4, 5, 6]])
    file.add("b", 9, six)
    #expect(code(file, limits: limits) == "gguf.limit")
  }

  @Test func theHeaderHasALimit() throws {
    var limits = ReadLimits()
    limits.documentBytes = 200
    var file = HandMade()
    file.add("a", 8, HandMade.text(String(repeating: "x", count: 100)))
    _ = try file.open(limits: limits)
    file.add("b", 8, HandMade.text(String(repeating: "x", count: 100)))
    #expect(code(file, limits: limits) == "gguf.limit")
  }

  @Test func namesHaveALimit() throws {
    var file = HandMade()
    file.add(String(repeating: "n", count: 1024), 24, [1], [5])
    #expect(try file.open().leaves.count == 1)
    file.add(String(repeating: "m", count: 1025), 24, [1], [5])
    #expect(code(file) == "gguf.limit")
  }

  @Test func numbersThatAreNotFiniteArePythons() throws {
    var file = HandMade()
    file.add("nan", 6, HandMade.bytes(UInt32(0x7FC0_0000)))
    file.add("inf", 12, HandMade.bytes(Double.infinity.bitPattern))
    file.add("low", 6, HandMade.bytes((-Float.infinity).bitPattern))
    let expected: JSON = .object([
      .init("nan", .number("NaN")), .init("inf", .number("Infinity")),
      .init("low", .number("-Infinity")),
    ])
    #expect(try file.open().custom == expected)
  }

  /// The dimension that varies fastest comes first in the file; a tensor may have none.
  @Test func dimensionsAreNumPys() throws {
    var file = HandMade()
    file.add("t", 24, [3, 2], [1, 2, 3, 4, 5, 6])
    file.add("scalar", 25, [], [7, 0])
    let leaves = try file.open().leaves
    #expect(try leaves["t"]?.metadata.shape.dimensions == [2, 3])
    #expect(try leaves["t"]?.source.hex == "010203040506")
    #expect(try leaves["scalar"]?.metadata.shape.dimensions == [])
    #expect(try leaves["scalar"]?.source.hex == "0700")
  }

  /// A Q8_0 block is a scale of 16 bits and 32 signed bytes: here 0.5, and the numbers from -16 on.
  @Test func aLargeArrayIsDecodedByAllProcessors() throws {
    let block: [UInt8] = [0, 0x38] + (-16..<16).map { UInt8(truncatingIfNeeded: $0) }
    let rows = 1 << 10
    var file = HandMade()
    file.add(
      "q", 8, [2048, UInt64(rows)], Array(repeatElement(block, count: rows * 64).joined()))
    let source = try #require(try file.open(dequantizes: true).leaves["q"]).source
    let told = Mutex(0)
    let array = try NDArray(dtype: .float32, shape: source.shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try source.read(ArrayBox(whole: source.shape), into: &bytes) { count in
        told.withLock { $0 += count }
      }
    }
    #expect(told.withLock { $0 } == rows * 2048 * 4)
    let numbers = try array.elements(as: Float.self)
    let row = (0..<2048).map { Float($0 % 32 - 16) * 0.5 }
    #expect((0..<rows).allSatisfy { Array(numbers[($0 * 2048)..<(($0 + 1) * 2048)]) == row })
  }

  @Test func theWarningNamesTheTypeAndWhatToDo() throws {
    var file = HandMade()
    file.add("a", 8, [32], [UInt8](repeating: 0, count: 34))
    file.add("b", 8, [32], [UInt8](repeating: 0, count: 34))
    file.add("c", 20, [32], [UInt8](repeating: 0, count: 18))
    let warnings = try file.open().warnings.map(\.message)
    #expect(warnings.count == 2)
    #expect(warnings[0].contains("2 tensors") && warnings[0].contains("Q8_0"))
    #expect(warnings[0].contains("`dequantizes`"))
    #expect(warnings[1].contains("IQ4_NL") && !warnings[1].contains("`dequantizes`"))
    #expect(try file.open(dequantizes: true).warnings.map(\.message) == [warnings[1]])
  }
}
