import Coppice
import CoppiceFiles
import CoppiceModel

/// Cases about the contents of a checkpoint; `expected_writer.py` has the same values.
extension WriterCase {
  static let model: [WriterCase] = [
    WriterCase("odd-keys", "Keys that paths and files could trip over", rules: ["MOD-3", "MOD-4"]) {
      () throws(CoppiceError) in
      let texts = [
        "", ".", "..", "/", "a/b", "%", "%41", "~1", "é", "e\u{301}", "\u{0}", "\n", "7", " ", "日本",
        "\u{7F}", ".hidden", "%coppice", "z", "a",
      ]
      var entries: [Node.Entry] = []
      for (index, text) in texts.enumerated() {
        entries.append(.init(.string(text), try leaf(.uint8, [1 + index], 300 + UInt64(index))))
      }
      entries.append(.init(7, try leaf(.uint8, [30], 330)))
      entries.append(.init(-3, .dict([.init(.integer(.max), try leaf(.uint8, [31], 331))])))
      return .dict(entries)
    },
    WriterCase(
      "containers", "Dicts, lists, tuples, records, also empty", rules: ["MOD-2", "MOD-13"]
    ) {
      () throws(CoppiceError) in
      let record = Node.Record(
        type: "optax.ScaleByAdamState",
        fields: [
          .init("count", try leaf(.int32, [], 26)), .init("μ", .list([])), .init("", .value(.null)),
        ])
      return .dict([
        .init("list", .list([try leaf(.float32, [2], 27), .tuple([]), .dict([])])),
        .init("tuple", .tuple([.list([]), .value(.null), .tuple([try leaf(.float32, [1], 28)])])),
        .init("record", .record(record)),
        .init("bare", .record(.init(type: "EmptyState", fields: []))),
      ])
    },
    WriterCase("values", "Values of every kind", rules: ["MOD-6", "MET-15", "MET-16", "MET-17"]) {
      () throws(CoppiceError) in .dict(values)
    },
    WriterCase("single-leaf", "The tree is one array", rules: ["MOD-2"]) {
      () throws(CoppiceError) in try leaf(.float32, [2, 3], 29)
    },
    WriterCase(
      name: "kinds", title: "Every kind of checkpointable, with names to be escaped",
      rules: ["MOD-7", "MET-21", "MET-23", "DIR-3", "MET-10"]
    ) { () throws(CoppiceError) in
      var contents = Self.contents([
        .init("state", .tree(.dict([.init("w", try leaf(.float32, [2], 30))]))),
        .init("config/α", .json(config)),
        .init(
          "iterator 1",
          .files([
            CheckpointFile(
              path: "position", bytes: MemoryBytes(Pattern.noise(31).bytes(100))),
            CheckpointFile(path: "shards/a b", bytes: MemoryBytes([])),
          ])),
        .init(
          "group",
          .composite([
            .init("inner", .json(.array([]))),
            .init("tree", .tree(.dict([.init("x", try leaf(.int8, [4], 32))]))),
          ])),
      ])
      contents.step = 12
      contents.metrics = .object([.init("loss", .number("1.50")), .init("bad", .number("NaN"))])
      contents.custom = .object([
        .init("a", .object([.init("list", .array([.number("-Infinity"), .null, .bool(true)]))])),
        .init("text", .string("\"\u{1F332}\"\n")),
      ])
      return .checkpoint(contents)
    },
    WriterCase(
      name: "steps", title: "A run of three steps with metadata", rules: ["DIR-31", "MET-30"]
    ) { () throws(CoppiceError) in
      let steps = [0, 5, 10].map { number in
        CheckpointRun.Step(number: number, name: String(number)) {
          () throws(CoppiceError) in
          let node = try leaf(.float32, [2], 400 + UInt64(number))
          return Self.contents([.init("state", .tree(.dict([.init("w", node)])))])
        }
      }
      return .steps(
        CheckpointRun(
          format: CheckpointReader.formatName, steps: steps,
          rootMetadata: .object([.init("run", .string("seven"))])))
    },
  ]

  private static let config: JSON = .object([
    .init("rate", .number("1e-3")), .init("big", .number("123456789012345678901234567890")),
    .init("inf", .number("Infinity")), .init("nested", .array([.object([]), .null])),
  ])

  private static var values: [Node.Entry] {
    let big = IntegerText("-1180591620717411303424").map(TreeValue.int) ?? .null
    let strings = Shape([2, 2]).flatMap {
      TextArray(shape: $0, elements: .strings(["a", "", "b\u{0}", "é"]))
    }
    let bytes = Shape([3]).flatMap {
      TextArray(shape: $0, elements: .bytes([[0, 1], [], [0xFF, 0]]))
    }
    let values: [(String, TreeValue)] = [
      ("int", .int(IntegerText(Int.min))), ("big", big), ("true", .bool(true)),
      ("false", .bool(false)), ("tenth", .float(.init(0.1))), ("minus-zero", .float(.init(-0.0))),
      ("large", .float(.init(1e16))), ("tiny", .float(.init(Double.leastNonzeroMagnitude))),
      ("infinity", .float(.init(-Double.infinity))),
      ("nan", .float(.init(bitPattern: 0x7FF8_0000_0000_0000))),
      ("nan-payload", .float(.init(bitPattern: 0xFFF0_0000_0000_0001))),
      ("complex", .complex(real: .init(1.5), imaginary: .init(-0.0))),
      (
        "complex-nan", .complex(real: .init(2), imaginary: .init(bitPattern: 0x7FF8_0000_0000_0009))
      ),
      ("string", .string("\"quoted\"\n\u{1F332}")), ("empty", .string("")),
      ("bytes", .bytes([0, 255, 10])), ("no-bytes", .bytes([])), ("none", .null),
      ("strings", strings.map(TreeValue.stringArray) ?? .null),
      ("byte-strings", bytes.map(TreeValue.stringArray) ?? .null),
    ]
    return values.map { .init(.string($0.0), .value($0.1)) }
  }
}
