import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import Testing

/// The example checkpoints of the specification: made by an independent script, with h5py.
struct ExampleCheckpointTests {
  @Test(arguments: ["minimal", "tour"], ValidationLevel.allCases)
  func areValid(_ name: String, _ level: ValidationLevel) throws {
    let directory = try DirectoryHandle(opening: Specification.example("checkpoints/" + name))
    let found = try Validator.run(directory, level: level)
    #expect(found.map(\.fault.description) == [])
  }

  @Test func minimalHoldsOneArray() throws {
    let contents = try open("minimal")
    guard case .named(let items) = contents.root, case .tree(let tree)? = try items.first?.value
    else {
      Issue.record("no tree")
      return
    }
    #expect(items.map(\.name) == ["state"])
    #expect(try tree.loaded().difference(from: .leaf(Self.six)) == nil)
    #expect(contents.warnings.isEmpty)
  }

  @Test func tourHoldsWhatItsScriptSays() throws {
    let contents = try open("tour")
    #expect(contents.warnings.isEmpty)
    #expect(contents.step == 1000)
    #expect(contents.custom == .object([.init("run", .string("example"))]))
    #expect(contents.metrics?["loss"] == .number("NaN"))
    #expect(contents.initTime?.nanoseconds == 1_795_222_923_123_456_789)
    guard case .named(let items) = contents.root else { return }
    #expect(items.map(\.name) == ["config", "extras", "iterator 1", "state"])
    guard case .json(let config) = try items[0].value,
      case .composite(let extras) = try items[1].value,
      case .files(let files) = try items[2].value, case .tree(let tree) = try items[3].value
    else {
      Issue.record("other kinds")
      return
    }
    #expect(
      config
        == .object([
          .init("layers", .array([.number("3"), .number("4")])), .init("name", .string("tour")),
          .init("rate", .number("1.0e-3")),
        ]))
    guard case .json(let notes)? = try extras.first?.value else { return }
    #expect(notes == .array([.string("h\u{E9}llo"), .null, .bool(true)]))
    #expect(files.map(\.path) == ["position", "shards.txt", "shards/0.bin"])
    #expect(try files.map { try bytes(of: $0) } == [[0, 1, 2], Array("one\n".utf8), []])
    #expect(try tree.loaded().difference(from: try Self.tour) == nil)
    let leaves = try tree.leaves.map { try $0.leaf.metadata }
    #expect(leaves[0].sharding == Sharding(device: "cpu:0"))
    #expect(
      leaves[3].sharding
        == Sharding(
          axisNames: ["data", "model"], axisSizes: [1, 2], partition: [[], ["model"]],
          devices: [0, 1]))
    #expect(leaves.compactMap(\.prngImplementation) == ["threefry2x32"])
  }

  private static var six: NDArray {
    get throws { try array(.float32, [2, 3], floats(0..<6)) }
  }

  /// The tree of the script, written again.
  private static var tour: Tree<NDArray> {
    get throws {
      let nu = [Int32](repeating: 7, count: 200) + (0..<100) + [Int32](repeating: -1, count: 1200)
      return .dict([
        .init(
          "params",
          .dict([
            .init("w", .leaf(try six)),
            .init("b", .leaf(try array(.bfloat16, [3], [0x80, 0x3F, 0x00, 0xC0, 0xC0, 0x7F]))),
            .init("a/b", .leaf(try array(.int32, [], little([-5])))),
          ])),
        .init(
          "opt",
          .tuple([
            .record(
              .init(
                type: "Adam",
                fields: [
                  .init("mu", .leaf(try array(.float32, [4, 6], floats(0..<24)))),
                  .init("nu", .leaf(try array(.int32, [5, 300], little(nu)))),
                ])),
            .value(.null),
          ])),
        .init(7, .leaf(try array(.bool, [2], [1, 0]))),
        .init("", .leaf(try array(.float32, [0, 3], []))),
        .init("key", .leaf(try array(.uint32, [2], little([0, 42])))),
        .init("scale", .leaf(try array(.float8_e4m3fn, [2], [0x38, 0x7E]))),
        .init("step", .value(.int(IntegerText(1000)))),
        .init("rate", .value(.float(.init(0.001)))),
      ])
    }
  }

  private static func array(
    _ dtype: DType, _ shape: [Int], _ bytes: [UInt8]
  ) throws -> NDArray {
    try NDArray(dtype: dtype, shape: try #require(Shape(shape)), bytes: bytes)
  }

  private static func floats(_ numbers: Range<Int>) -> [UInt8] {
    little(numbers.map { Int32(bitPattern: Float($0).bitPattern) })
  }

  private static func little(_ numbers: [Int32]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: UInt32(bitPattern: number) >> UInt32(8 * $0)) }
    }
  }

  private func open(_ name: String) throws -> CheckpointContents {
    try CheckpointReader.open(
      try DirectoryHandle(opening: Specification.example("checkpoints/" + name)))
  }

  private func bytes(of file: CheckpointFile) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: file.bytes.byteCount)
    var span = bytes.mutableSpan
    var target = span.mutableBytes
    try file.bytes.read(at: 0, into: &target)
    return bytes
  }
}
