import CoppiceFiles
import CoppiceFlax
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Files are those of `flax.serialization.to_bytes`, byte for byte: the texts here are what Flax 0.12.8
/// wrote.
struct FlaxPlanTests {
  typealias Node = Tree<ArrayLeaf>

  private func hexadecimal(_ text: String) -> [UInt8] {
    text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
  }

  private func array(_ dtype: DType, _ extents: [Int], _ bytes: [UInt8]) throws -> Node {
    let shape = try #require(Shape(extents))
    return .leaf(ArrayLeaf(try NDArray(dtype: dtype, shape: shape, bytes: bytes)))
  }

  private func written(_ plan: FlaxPlan) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    let path = directory("m.msgpack")
    try plan.write(
      to: try OutputFile(at: path), durability: .buffered, monitor: OperationMonitor())
    return try InputFile(opening: path).allBytes(limit: 1 << 20)
  }

  @Test func writesValues() throws {
    let tree: Node = .dict([
      .init("a", try array(.int32, [2], [1, 0, 0, 0, 2, 0, 0, 0])),
      .init("b", .value(.float(.init(2.5)))), .init("c", .value(.string("x"))),
      .init("n", .value(.null)), .init("k", .value(.int(IntegerText(-5)))),
      .init("z", .value(.complex(real: .init(1), imaginary: .init(2)))),
      .init("y", .value(.bytes([0, 255]))), .init("t", .value(.bool(true))), .init("m", .dict([])),
      .init("big", .value(.int(IntegerText(UInt64(1) << 63)))),
      .init("neg", .value(.int(IntegerText(-40000)))),
    ])
    let plan = try FlaxPlan(tree)
    #expect(plan.notes == [])
    #expect(
      try written(plan)
        == hexadecimal(
          """
          8B A1 61 C7 13 01 93 91 02 A5 69 6E 74 33 32 C4 08 01 00 00 00 02 00 00 00 A1 62 CB 40 04 \
          00 00 00 00 00 00 A1 63 A1 78 A1 6E C0 A1 6B FB A1 7A C7 13 02 92 CB 3F F0 00 00 00 00 00 \
          00 CB 40 00 00 00 00 00 00 00 A1 79 C4 02 00 FF A1 74 C3 A1 6D 80 A3 62 69 67 CF 80 00 00 \
          00 00 00 00 00 A3 6E 65 67 D2 FF FF 63 C0
          """))
  }

  @Test func writesTypesThatNumPyLacks() throws {
    // The int4 values -8 and 7; the float16 value 1.5 without dimensions.
    let small: Node = .dict([.init("q", try array(.int4, [2], [8, 7]))])
    #expect(
      try written(FlaxPlan(small))
        == hexadecimal("81 A1 71 C7 0C 01 93 91 02 A4 69 6E 74 34 C4 02 08 07"))
    let scalar: Node = .dict([.init("s", try array(.float16, [], [0x00, 0x3E]))])
    #expect(
      try written(FlaxPlan(scalar))
        == hexadecimal("81 A1 73 C7 0E 01 93 90 A7 66 6C 6F 61 74 31 36 C4 02 00 3E"))
  }

  /// As Flax with `MAX_CHUNK_SIZE = 16`.
  @Test func cutsLargeArrays() throws {
    let numbers = (0..<10).flatMap { (number: UInt8) -> [UInt8] in [number, 0] }
    let tree: Node = .dict([
      .init("w", try array(.int16, [2, 5], numbers)),
      .init("v", try array(.int16, [8], Array(numbers.prefix(16)))),
    ])
    #expect(
      try written(FlaxPlan(tree, pieceBytes: 16))
        == hexadecimal(
          """
          82 A1 77 83 B9 5F 5F 6D 73 67 70 61 63 6B 5F 63 68 75 6E 6B 65 64 5F 61 72 72 61 79 5F 5F C3 \
          A5 73 68 61 70 65 82 A1 30 02 A1 31 05 A6 63 68 75 6E 6B 73 82 A1 30 C7 1B 01 93 91 08 A5 69 \
          6E 74 31 36 C4 10 00 00 01 00 02 00 03 00 04 00 05 00 06 00 07 00 A1 31 C7 0F 01 93 91 02 A5 \
          69 6E 74 31 36 C4 04 08 00 09 00 A1 76 C7 1B 01 93 91 08 A5 69 6E 74 31 36 C4 10 00 00 01 00 \
          02 00 03 00 04 00 05 00 06 00 07 00
          """))
  }

  @Test func writesSequencesAsStateDictionaries() throws {
    let list: Node = .dict([
      .init("l", .list([try array(.float32, [0], []), .value(.string("é"))]))
    ])
    let plan = try FlaxPlan(list)
    #expect(plan.notes.map(\.kind) == [.structure])
    #expect(
      try written(plan)
        == hexadecimal(
          """
          81 A1 6C 82 A1 30 C7 0D 01 93 91 00 A7 66 6C 6F 61 74 33 32 C4 00 A1 31 A2 C3 A9
          """))
  }

  @Test func refusesKeysThatBecomeOne() throws {
    let tree: Node = .dict([.init("7", .value(.null)), .init(7, .value(.null))])
    let error = #expect(throws: CoppiceError.self) { try FlaxPlan(tree) }
    #expect(error?.code.rawValue == "flax.key-collision")
  }

  /// Flax 0.12 can't read these: `_unchunk` fails, or an array is looked for beside the file.
  @Test(
    arguments: [
      .dict([.init("__msgpack_chunked_array__", .value(.null))]),
      .record(.init(type: "A", fields: [.init("__msgpack_chunked_array__", .value(.null))])),
      .dict([.init("a", .value(.string("//GDAPlaceholder:x")))]),
    ] as [Node]) func refusesWhatFlaxTakesForAnArray(_ tree: Node)
  {
    let error = #expect(throws: CoppiceError.self) { try FlaxPlan(tree) }
    #expect(error?.code.rawValue == "flax.reserved-name")
    #expect(error?.location.treePath?.isEmpty == false)
  }
}
