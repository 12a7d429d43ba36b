import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceTestSupport
import CoppiceZip
import SystemPackage
import Testing

/// The code of what is wrong with the file, or else with its first leaf.
private func fault(_ pickle: Pickle) -> String? {
  code { for (_, leaf) in try load(pickle).leaves { _ = try leaf.source } }
}

/// A tensor that makes no sense.
struct View: Sendable {
  var offset = 0
  var extents: [Int]
  var strides: [Int]
}

struct HostileTests {
  @Test func aTensorByHandIsRead() throws {
    guard case .leaf(let leaf) = try load(Pickle.tensor() + ".") else {
      Issue.record("no tensor")
      return
    }
    #expect(try leaf.source.hex == String(repeating: "01", count: 16))
  }

  @Test(arguments: [
    "cos\nsystem\n(X\u{2}\0\0\0lstR.", "cbuiltins\neval\n(X\u{1}\0\0\01tR.",
    "c__builtin__\nexec\n.", "csubprocess\nPopen\n.", "ctorch\nload\n.",
    "ctorch._utils\n_rebuild_tensor_v2.__globals__\n.", "ctorch.hub\nload\n.", "c\n\n.",
    "cnumpy.core.multiarray\n_reconstruct\n.", "ccollections\nOrderedDict.fromkeys\n.",
    "cbuiltins\ngetattr\n.",
  ])
  func refusesEveryOtherFunction(_ pickle: String) {
    #expect(fault(Pickle(stringLiteral: pickle)) == "pytorch.global")
  }

  @Test(arguments: [
    // EXT1, PERSID, STRING, NEXT_BUFFER, and none at all.
    "\u{82}\u{1}.", "Pid\n.", "S'a'\n.", "\u{97}.", "\u{1}.",
  ])
  func refusesOtherInstructions(_ pickle: String) {
    #expect(fault(Pickle(latin: pickle)) == "pytorch.instruction")
  }

  @Test(arguments: [
    "", ".", "a.", "]]a", "t.", "s.", "(.", "0.", "2.", "}(K\u{1}u.", "}]a.", "]N(a.", "K",
    "(((t", "q\u{1}.", "h\u{1}.", "j\u{1}\0\0\0.", "g7\n.", "gx\n.", "Ix\n.", "Fx\n.", "G\0.",
    "X\u{10}\0\0\0a.", "(1.", "cos\n", "e.", "(e.", "]N(0e.", "(o.", "ios\nsystem\n.",
  ])
  func refusesBrokenRules(_ pickle: String) {
    #expect(fault(Pickle(stringLiteral: pickle)) == "pytorch.pickle")
  }

  @Test(arguments: [
    // A text, a number and a container called; calls with other arguments; classes as values.
    ("X\u{1}\0\0\0a)R.", "pytorch.value"), ("K\u{1})R.", "pytorch.value"),
    ("])R.", "pytorch.value"),
    ("ctorch._utils\n_rebuild_tensor_v2\n)R.", "pytorch.arguments"),
    ("ctorch._utils\n_rebuild_parameter\n)R.", "pytorch.arguments"),
    ("ctorch._tensor\n_rebuild_from_type_v2\n)R.", "pytorch.arguments"),
    ("cbuiltins\ncomplex\n)R.", "pytorch.arguments"),
    ("cbuiltins\nset\nK\u{1}R.", "pytorch.arguments"),
    ("ccollections\nOrderedDict\n(K\u{1}tR.", "pytorch.arguments"),
    ("cbuiltins\ndict\n)R.", "pytorch.global"), ("ctorch\nFloatStorage\n)R.", "pytorch.global"),
    ("K\u{1}}b.", "pytorch.value"), ("]}b.", "pytorch.value"), ("}]b.", "pytorch.value"),
    ("K\u{1}Q.", "pytorch.arguments"), ("(K\u{1}tQ.", "pytorch.arguments"),
    ("ccollections\nOrderedDict\n.", "pytorch.global"), ("}NNs.", "pytorch.value"),
    ("}]Ns.", "pytorch.value"), ("ctorch._utils\n_rebuild_qtensor\n)R.", "pytorch.global"),
    ("ctorch\nQInt8Storage\n.", "pytorch.global"),
    ("ctorch._utils\n_rebuild_sparse_tensor\n)R.", "pytorch.global"),
  ])
  func refusesOtherArguments(_ pickle: String, _ expected: String) {
    #expect(fault(Pickle(stringLiteral: pickle)) == expected)
  }

  @Test(arguments: [
    View(offset: 1, extents: [4], strides: [1]), View(extents: [5], strides: [1]),
    View(extents: [2, 2], strides: [3, 1]), View(extents: [2], strides: [-1]),
    View(offset: .max, extents: [1], strides: [1]), View(offset: 4, extents: [], strides: []),
    View(extents: [-1], strides: [1]), View(extents: [2, 2], strides: [1]),
    View(extents: [.max], strides: [.max]), View(extents: [2], strides: [.max]),
    View(extents: [.max, .max], strides: [0, 0]), View(extents: [1 << 40], strides: [0]),
    View(extents: [0, .max, .max], strides: [1, 1, 1]),
  ])
  func refusesTensorsOutsideTheirStorage(_ view: View) {
    let pickle = Pickle.tensor(offset: view.offset, extents: view.extents, strides: view.strides)
    #expect(fault(pickle + ".") == "pytorch.tensor-bounds")
  }

  @Test func emptyTensorsTakeNothing() throws {
    let pickle = Pickle.tensor(offset: 3, extents: [0, 9], strides: [1, 1])
    guard case .leaf(let leaf) = try load(pickle + ".") else {
      Issue.record("no tensor")
      return
    }
    #expect(try leaf.metadata.shape.dimensions == [0, 9])
    #expect(try leaf.source.hex == "")
  }

  @Test(arguments: [
    ("1", 4), ("../0", 4), ("", 4), ("0", 5), ("0", 0), ("0", .max), ("0/../0", 4),
  ])
  func refusesStoragesThatAreNotThere(_ key: String, _ count: Int) {
    #expect(fault(Pickle.tensor(key, count: count, extents: [1]) + ".") == "pytorch.storage")
  }

  @Test func refusesDeepNesting() {
    #expect(fault("]" * 200_000 + "a" * 199_999 + ".") == "pytorch.limit")
    #expect(fault("(" * 200_000 + ".") == "pytorch.pickle")
    #expect(fault("(" * 100_000 + "t" * 100_000 + ".") == "pytorch.limit")
  }

  @Test func refusesContainersInThemselves() {
    #expect(fault("]q\0h\0a.") == "pytorch.value")
    #expect(fault("}q\0K\u{1}h\0s.") == "pytorch.value")
    #expect(fault("]q\0]q\u{1}h\0ah\u{1}a.") == "pytorch.value")
  }

  @Test func refusesContainersThatDoubleAndDouble() {
    // Each list has the one before twice.
    #expect(fault("]" + "q\0](h\0h\0e" * 60 + ".") == "pytorch.limit")
  }

  @Test func refusesEndlessWork() {
    // A text, read as bytes again and again; a list, copied again and again.
    let text = Pickle.text(String(repeating: "x", count: 1 << 20)) + "q\0"
    #expect(fault(text + "c_codecs\nencode\n(h\0h\0tR0" * 200 + "N.") == "pytorch.limit")
    let list: Pickle = "](" + "N" * 1_000_000 + "eq\0"
    #expect(fault(list + "cbuiltins\nset\n(h\0tR0" * 20 + "N.") == "pytorch.limit")
  }

  /// Two long names are joined in a few bytes, again and again.
  @Test func namesTakeLittleMemory() {
    let module = Pickle.text(String(repeating: "m", count: 1 << 20)) + "q\0"
    let joined = Pickle(latin: "h\0h\u{1}\u{93}0") * 5000
    #expect(fault(module + "X\u{1}\0\0\0aq\u{1}" + joined + "N.") == nil)
    let names = (0..<1200).map { index in
      Pickle.text("n\(index)" + String(repeating: "n", count: 150))
        + Pickle([0x72, UInt8(index & 0xFF), UInt8(index >> 8), 0, 0])
    }
    var all = names.flatMap(\.bytes)
    for index in 0..<200_000 {
      let (a, b) = (index / 1200, index % 1200)
      all += [
        0x6A, UInt8(a & 0xFF), UInt8(a >> 8), 0, 0, 0x6A, UInt8(b & 0xFF), UInt8(b >> 8), 0, 0,
        0x93, 0x30,
      ]
    }
    #expect(fault(Pickle(all) + "N.") == "pytorch.limit")
  }

  @Test func hugeNumbersTakeNoMemory() {
    #expect(fault(Pickle([0x8B, 0xFF, 0xFF, 0xFF, 0x7F]) + ".") == "pytorch.pickle")
    #expect(fault(Pickle([0x8E] + [UInt8](repeating: 0xFF, count: 8)) + ".") == "pytorch.pickle")
    // A memo with one value, under the largest number.
    #expect(fault(Pickle([0x4E, 0x72, 0xFF, 0xFF, 0xFF, 0xFF]) + ".") == nil)
  }

  @Test func refusesFilesThatAreNoneOfTorch() throws {
    let directory = try TemporaryDirectory()
    var tar = [UInt8](repeating: 0, count: 1024)
    tar.replaceSubrange(257..<262, with: Array("ustar".utf8))
    for bytes in [[], [0x80, 2, 0x4E, 0x2E], Array("text".utf8), tar] as [[UInt8]] {
      try writeFile(directory("m.pt"), bytes)
      #expect(code { _ = try open(directory("m.pt")) } == "pytorch.format")
    }
  }

  @Test func refusesPrograms() throws {
    let directory = try TemporaryDirectory()
    let layout = try StoredZip([("m/data.pkl", 1), ("m/constants.pkl", 1)])
    let file = try OutputFile(at: directory("m.pt"))
    for place in layout.members {
      try file.write(layout.header(of: place, checksum: 0), at: place.headerOffset)
    }
    try file.write(layout.directory(checksums: [0, 0]), at: layout.directoryOffset)
    #expect(code { _ = try open(directory("m.pt")) } == "pytorch.format")
  }
}
