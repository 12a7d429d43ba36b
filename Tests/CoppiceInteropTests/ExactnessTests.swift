import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// A tree that a format accepts without a note is read back unchanged.
struct ExactnessTests {
  private typealias Node = Tree<NDArray>

  /// Dictionaries with the shapes of each type, and with one of everything else.
  private func samples() throws -> [Node] {
    var generator = TreeGenerator(seed: 11)
    var samples: [Node] = []
    for dtype in DType.allCases {
      let shapes: [(String, [Int])] = [("a", []), ("b", [3]), ("c", [2, 0]), ("d", [4, 7])]
      samples.append(
        .dict(
          try shapes.map { .init(.string($0), .leaf(try generator.array(dtype, $1))) }))
    }
    let leaf: Node = .leaf(try generator.array(.float32, [2]))
    let others: [Node] = [
      .dict([.init("a", leaf)]), .dict([.init(3, leaf)]), .dict([.init("é", leaf)]),
      .dict([.init("a.b", leaf)]), .dict([]), .list([]), .list([leaf, leaf]), .tuple([]),
      .tuple([leaf]), .record(.init(type: "State", fields: [.init("mu", leaf)])),
      .record(.init(type: "State", fields: [])), .value(.null), .value(.bool(true)),
      .value(.int(IntegerText(-7))), .value(.int(IntegerText(UInt64.max))),
      .value(.int(try #require(IntegerText("1180591620717411303424")))),
      .value(.float(.init(0.1))), .value(.float(.init(bitPattern: 0x7FF0_0000_0000_0001))),
      .value(.complex(real: .init(1), imaginary: .init(.nan))), .value(.string("")),
      .value(.string("\"\n\u{1F332}")), .value(.bytes([])), .value(.bytes([0, 255])),
      .value(
        .stringArray(
          try #require(Shape([1]).flatMap { TextArray(shape: $0, elements: .strings(["x"])) }))
      ),
    ]
    return samples + others.map { .dict([.init("k", $0)]) }
  }

  @Test(arguments: FormatWriters.all.map(\.name)) func whatHasNoNoteComesBack(_ name: String)
    throws
  {
    let directory = try TemporaryDirectory()
    let format = try FormatWriters.named(name)
    var exact = 0
    for (index, tree) in try samples().enumerated() {
      var options = ConversionOptions()
      options.format = OutputFormat(format)
      options.writing.durability = .buffered
      options.writing.recordsTimes = false
      let target = directory("\(index)")
      let report = try Conversion.run(
        .checkpoint(CheckpointContents(tree)), to: target, options: options,
        monitor: OperationMonitor())
      guard report.notes.isEmpty else { continue }
      exact += 1
      let input = try CheckpointOpener.open(target, options: OpenOptions(formats: .all))
      guard case .checkpoint(let found) = input else {
        Issue.record("a run")
        continue
      }
      let back = try found.tree()
      #expect(back?.difference(from: tree) == nil, "\(tree)")
    }
    // At least the dtypes that the format claims to keep.
    #expect(exact >= format.abilities.dtypes.count)
  }
}
