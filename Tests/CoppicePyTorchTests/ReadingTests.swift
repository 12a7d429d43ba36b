import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import SystemPackage
import Testing

private let fixtures = Specification.package.appending("Tests/Fixtures/PyTorch")

/// The tensors of the files.
private let truths: [String: ArrayTruth] =
  (try? ArrayTruth.read([String: ArrayTruth].self, fixtures.appending("expected.json"))) ?? [:]

func open(
  _ path: FilePath, limits: ReadLimits = .standard
) throws(CoppiceError) -> CheckpointContents {
  try PyTorchFormat.open(InputFile(opening: path), limits: limits)
}

func tree(_ contents: CheckpointContents) throws -> Tree<ArrayLeaf> {
  guard case .unnamed(.tree(let tree)) = contents.root else {
    Issue.record("no tree")
    return .dict([])
  }
  return tree
}

func fixture(_ name: String) throws -> Tree<ArrayLeaf> {
  try tree(open(fixtures.appending(name)))
}

/// Checks the tensors at the top of a tree.
private func check(_ tree: Tree<ArrayLeaf>, _ names: [String]) throws {
  for name in names {
    let truth = try #require(truths[name])
    guard case .leaf(let leaf)? = tree[TreePath([.key(.string(name))])] else {
      Issue.record("\(name) is no tensor")
      continue
    }
    #expect(try leaf.metadata.dtype.rawValue == truth.dtype, "\(name)")
    #expect(try leaf.metadata.shape.dimensions == truth.shape, "\(name)")
    #expect(try leaf.source.hex == truth.hex, "\(name)")
    #expect(try leaf.source.streamedHex() == truth.hex, "\(name)")
    #expect(try leaf.source.scatteredHex == truth.hex, "\(name)")
  }
}

private typealias Values = Tree<Bool>

private func int(_ text: String) throws -> Values {
  .value(.int(try #require(IntegerText(text))))
}

extension Tree where Leaf == ArrayLeaf {
  /// The tree with nothing in place of leaves, to be compared.
  fileprivate var values: Values { mapLeaves { (_, _) in true } }
}

struct ReadingTests {
  static let names = [
    "base", "transposed", "slice", "expanded", "only", "element", "none", "half", "flags", "pairs",
    "eights", "words",
  ]

  static let files = (1...5).map { "protocol-\($0).pt" } + ["deflated.pt"]

  @Test(arguments: files)
  func readsTensorsOfEveryProtocol(_ name: String) throws {
    try check(fixture(name), Self.names)
  }

  @Test(arguments: files)
  func readsValuesOfEveryProtocol(_ name: String) throws {
    let values = try #require(try fixture(name)[TreePath([.key("values")])]).values
    let power = "1606938044258990275541962092341162602522202993782792835301376"
    let numbers = try (1...4).map { try int(String($0)) }
    let repeated: Values = .list([.value(.string("twice")), .tuple([numbers[0], numbers[1]])])
    let tuples: [Values] = [
      .tuple([]), .tuple([numbers[0]]), .tuple(Array(numbers[..<2])), .tuple(Array(numbers[..<3])),
      .tuple(numbers),
    ]
    let expected: [(TreeKey, Values)] = [
      ("int", try int("7")), ("negative", try int("-5")), ("byte", try int("200")),
      ("short", try int("60000")), ("word", try int("-2147483648")),
      ("long", try int("4611686018427387904")), ("large", try int(power)),
      ("negative large", try int("-" + power)), ("edge", try int("-9223372036854775808")),
      ("beyond", try int("9223372036854775808")), ("float", .value(.float(Float64Bits(0.1)))),
      ("true", .value(.bool(true))), ("false", .value(.bool(false))), ("nothing", .value(.null)),
      ("text", .value(.string("héllo ☃"))), ("bytes", .value(.bytes([0, 255]))),
      ("complex", .value(.complex(real: Float64Bits(1.5), imaginary: Float64Bits(-2)))),
      ("list", .list([numbers[0], .list([numbers[1], .list([])])])), ("tuple", .tuple(tuples)),
      ("dict", .dict([.init(1, .value(.string("one"))), .init("1", .value(.string("text")))])),
      ("default", .dict([.init("a", numbers[0])])),
      ("size", .tuple([numbers[1], numbers[2]])), ("again", .list([repeated, repeated])),
      ("many", .list(try (0..<1100).map { try int(String($0)) })),
      ("long text", .value(.string(String(repeating: "x", count: 300)))),
    ]
    guard case .dict(let entries) = values else {
      Issue.record("no dictionary")
      return
    }
    #expect(entries.map(\.key) == expected.map(\.0))
    for (entry, wanted) in zip(entries, expected) { #expect(entry.node == wanted.1) }
  }

  @Test func readsOtherFormsOfFiles() throws {
    try check(fixture("big-endian.pt"), ["base", "transposed", "half", "pairs"])
    try check(fixture("legacy.pt"), ["base", "transposed", "half"])
    try check(fixture("legacy-view.pt"), ["row"])
    #expect(try fixture("list.pt").values == .list([.leaf(true), try int("1")]))
  }

  @Test func saysWhatChanged() throws {
    let contents = try open(fixtures.appending("changed.pt"))
    #expect(
      contents.warnings.map(\.code.rawValue)
        == Array(repeating: "pytorch.changed-value", count: 3))
    let paths = contents.warnings.map { $0.location.treePath ?? "" }
    #expect(paths == ["set", "device", "dtype"])
    #expect(contents.warnings[0].message == "a set is read as a list, and so is another")
    let expected: Values = .dict([
      .init("set", .list([try int("3")])), .init("device", .value(.string("cuda:1"))),
      .init("dtype", .value(.string("torch.float16"))), .init("frozen", .list([try int("4")])),
    ])
    #expect(try tree(contents).values == expected)
  }

  @Test func refusesFilesOfBigEndianMachines() throws {
    #expect(code { _ = try fixture("legacy-big-endian.pt") } == "pytorch.format")
  }

  @Test(arguments: ["protocol-2.pt", "protocol-4.pt", "legacy.pt"], 0..<8)
  func survivesAnyByteBeingOther(_ name: String, _ part: Int) throws {
    let directory = try TemporaryDirectory()
    let bytes = try readFile(fixtures.appending(name))
    for place in stride(from: part, to: bytes.count, by: name == "legacy.pt" ? 8 * 3 : 8 * 23) {
      var damaged = bytes
      damaged[place] ^= 0xFF
      try writeFile(directory("m.pt"), damaged)
      do {
        let found = try tree(open(directory("m.pt")))
        for (_, leaf) in found.leaves where leaf.fault == nil && leaf.byteCount < 1 << 20 {
          _ = try leaf.source.hex
        }
      } catch let error as CoppiceError {
        let area = error.code.rawValue.prefix { $0 != "." }
        #expect(["zip", "pytorch", "compression"].contains(area), "\(place): \(error)")
      }
    }
  }
}
