import CoppiceFiles
import CoppiceModel
import CoppiceNumPy
import CoppiceTestSupport
import SystemPackage
import Testing

private let fixtures = Specification.package.appending("Tests/Fixtures/NumPy")

/// The files that NumPy wrote, and what they hold: arrays by name, the only one of a file without.
let truths: [String: [String: ArrayTruth]] =
  (try? ArrayTruth.read([String: [String: ArrayTruth]].self, fixtures.appending("expected.json")))
  ?? [:]

func open(_ path: FilePath, limits: ReadLimits = .standard) throws -> CheckpointContents {
  let file = try InputFile(opening: path)
  return try NumPyFormat.recognizesArchive(file)
    ? NumPyFormat.openArchive(file, limits: limits) : NumPyFormat.openArray(file, limits: limits)
}

func nodes(_ contents: CheckpointContents) throws -> [String: Tree<ArrayLeaf>] {
  guard case .unnamed(.tree(let tree)) = contents.root else { return [:] }
  guard case .dict(let entries) = tree else { return ["": tree] }
  var nodes: [String: Tree<ArrayLeaf>] = [:]
  for entry in entries {
    if case .string(let name) = entry.key { nodes[name] = entry.node }
  }
  return nodes
}

func check(_ node: Tree<ArrayLeaf>?, _ truth: ArrayTruth, _ name: String) throws {
  switch node {
  case .leaf(let leaf)?:
    #expect(try leaf.metadata.dtype.rawValue == truth.dtype, "\(name)")
    #expect(try leaf.metadata.shape.dimensions == truth.shape, "\(name)")
    #expect(try leaf.source.hex == truth.hex, "\(name)")
    #expect(try leaf.source.streamedHex() == truth.hex, "\(name)")
    #expect(try leaf.source.scatteredHex == truth.hex, "\(name)")
  case .value(.stringArray(let texts))?:
    #expect(texts.shape.dimensions == truth.shape, "\(name)")
    switch texts.elements {
    case .strings(let strings): #expect(strings == truth.texts, "\(name)")
    case .bytes(let strings):
      #expect(strings.map { unsafe $0.span.bytes.hex } == truth.texts, "\(name)")
    }
  default: Issue.record("\(name) is neither an array nor texts")
  }
}

struct ReadingTests {
  /// Reads whole arrays and single elements, in C order and in Fortran order.
  @Test(arguments: ["stored.npz", "deflated.npz"])
  func nothingIsGivenOfAMemberWithAWrongChecksum(_ name: String) throws {
    let bytes = try readFile(fixtures.appending(name))
    let directory = try TemporaryDirectory()
    // The checksums in the directory, so that no decoder sees the damage first.
    let places = bytes.indices.dropLast(46).filter {
      bytes[$0...].starts(with: [0x50, 0x4B, 1, 2])
    }
    #expect(places.count > 2)
    var unheard = 0
    for place in places {
      var damaged = bytes
      damaged[place + 16] ^= 1
      let path = directory("\(place).npz")
      try writeFile(path, damaged)
      var faults: [String?] = []
      do {
        for node in try nodes(open(path)).values {
          guard case .leaf(let leaf) = node, try leaf.source.byteCount > 0 else { continue }
          let whole = code { _ = try leaf.source.load() }
          #expect(code { try readElement(leaf.source) } == whole)
          faults += [whole].filter { $0 != nil }
        }
      } catch {
        // Texts are read when the file is opened.
        faults.append((error as? CoppiceError)?.code.rawValue)
      }
      #expect(faults.allSatisfy { $0 == "zip.checksum" } && faults.count < 2, "\(place)")
      unheard += faults.isEmpty ? 1 : 0
    }
    // Of the array without elements nothing is read.
    #expect(unheard == 1)
  }

  private func readElement(_ source: any ArraySource) throws {
    let extents = source.shape.dimensions
    let one = try #require(Shape(extents.map { _ in 1 }))
    let first = try #require(ArrayBox(offset: extents.map { _ in 0 }, shape: one))
    var element = [UInt8](repeating: 0, count: source.dtype.width)
    var span = element.mutableSpan
    var target = unsafe span.mutableBytes
    try source.read(first, into: &target)
  }

  @Test(arguments: truths.keys.sorted())
  func readsWhatNumPyWrote(_ name: String) throws {
    let nodes = try nodes(open(fixtures.appending(name)))
    let truth = try #require(truths[name])
    #expect(nodes.keys.sorted() == truth.keys.sorted())
    for (key, array) in truth { try check(nodes[key], array, "\(name) \(key)") }
  }

  @Test func thereAreFixtures() { #expect(truths.count > 15) }

  @Test(arguments: ["bfloat16.npy", "float8.npy"])
  func warnsOfTypesThatNumPyDoesNotName(_ name: String) throws {
    #expect(
      try open(fixtures.appending(name)).warnings.map(\.code.rawValue) == ["npy.assumed-dtype"])
  }

  @Test(arguments: [
    "object.npy", "structure.npy", "date.npy", "void.npy", "wide.npy", "int4.npy",
  ])
  func typesThatNoArrayHasAreFaultsOfTheLeaf(_ name: String) throws {
    guard case .leaf(let leaf)? = try nodes(open(fixtures.appending(name)))[""] else {
      Issue.record("no leaf")
      return
    }
    #expect(leaf.fault?.kind == .unsupported)
    #expect(code { _ = try leaf.source } == "npy.unsupported-dtype")
  }

  @Test func membersThatAreNoArraysAreLeftOutWithAWarning() throws {
    let directory = try TemporaryDirectory()
    var bytes = try readFile(fixtures.appending("stored.npz"))
    let (name, other) = (Array("fortran.npy".utf8), Array("fortran.txt".utf8))
    for place in bytes.indices where bytes[place...].starts(with: name) {
      bytes.replaceSubrange(place..<place + name.count, with: other)
    }
    try writeFile(directory("m.npz"), bytes)
    let contents = try open(directory("m.npz"))
    #expect(contents.warnings.map(\.code) == [.npzOtherMember])
    let left = Set((truths["stored.npz"] ?? [:]).keys).subtracting(["fortran"])
    #expect(Set(try nodes(contents).keys) == left)
  }

  @Test func refusesAnArchiveWithoutArrays() throws {
    let directory = try TemporaryDirectory()
    let keras = Specification.package.appending("fixtures/foreign/keras/zip/input/m.keras")
    try writeFile(directory("m.npz"), try readFile(keras))
    #expect(code { _ = try open(directory("m.npz")) } == "npz.no-array")
  }

  @Test func typesThatNoArrayHasHideNoOtherMember() throws {
    let path = Specification.package.appending("fixtures/foreign/numpy/npz-unsupported/input/m.npz")
    let nodes = try nodes(open(path))
    var faults: [String: String] = [:]
    for (name, node) in nodes {
      guard case .leaf(let leaf) = node, let fault = leaf.fault else { continue }
      #expect(fault.kind == .unsupported)
      #expect(fault.error.code.rawValue == "npy.unsupported-dtype")
      #expect(fault.error.location.treePath == name)
      #expect(fault.error.location.file == "m.npz")
      faults[name] = fault.error.message
    }
    #expect(faults.keys.sorted() == ["long", "object", "record", "time"])
    #expect(faults["record"]?.hasPrefix("structures of several fields can't be an array") == true)
    guard case .leaf(let a)? = nodes["a"], case .leaf(let z)? = nodes["z"] else {
      Issue.record("the arrays beside them are missing")
      return
    }
    #expect(try a.source.byteCount == 12 && z.metadata.dtype == .int32)
  }

  @Test func aDamagedMemberHidesNoOther() throws {
    let path = Specification.package.appending("fixtures/foreign/numpy/npz-unsupported/input/m.npz")
    var bytes = try readFile(path)
    // The beginning of the first member, a.
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x93, 0x4E, 0x55]) })
    bytes[place] = 0
    let directory = try TemporaryDirectory()
    try writeFile(directory("m.npz"), bytes)
    let nodes = try nodes(open(directory("m.npz")))
    guard case .leaf(let a)? = nodes["a"], case .leaf(let z)? = nodes["z"] else {
      Issue.record("the arrays are missing")
      return
    }
    #expect(a.fault?.kind == .damaged && a.fault?.error.code.rawValue == "npy.magic")
    #expect(a.fault?.error.location.treePath == "a")
    #expect(try z.source.byteCount == 16)
  }

  /// A header of version 1 around a text, and data after it.
  static func file(_ text: String, data: Int = 0, version: UInt8 = 1) -> [UInt8] {
    let count = text.utf8.count
    let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(text.utf8)
      + [UInt8](repeating: 1, count: data)
  }

  static let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"

  @Test(
    arguments: [
      (file(text, data: 8), nil), (file(text, data: 7), "npy.truncated"),
      (file(text, data: 9), "npy.trailing-data"), (file(text, data: 8, version: 4), "npy.version"),
      (file("{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)}", data: 8), nil),
      (file("{\"shape\": (2,), \"descr\":\"f4\",\"fortran_order\": True}\n", data: 8), nil),
      (file("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", data: 8), "npy.header"),
      (file("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", data: 8), "npy.header"),
      (file("{'descr': '<f4', 'fortran_order': False}", data: 8), "npy.header"),
      (
        file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", data: 8),
        "npy.header"
      ),
      (file("{'descr': '<f4', 'fortran_order': False, 'shape': (f(),)}", data: 8), "npy.header"),
      (file("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", data: 8), "npy.shape"),
      (
        file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
        "npy.header"
      ),
      (
        file("{'descr': '<f4', 'fortran_order': True, 'shape': (4294967296, 4294967296, 0)}"),
        "npy.shape"
      ),
      (file(String(repeating: "(", count: 60000)), "npy.header"),
      (file("{'descr': '<U0', 'fortran_order': False, 'shape': (1099511627776,)}"), "npy.limit"),
      (
        file("{'descr': '<U99999999999', 'fortran_order': False, 'shape': (1,)}"),
        "npy.unsupported-dtype"
      ),
      (file("{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}", data: 4), "npy.text"),
      (Array(file(text).prefix(9)), "npy.magic"), (Array(file(text).prefix(40)), "npy.header"),
      ([], "npy.magic"),
    ] as [([UInt8], String?)])
  func refusesWrongHeaders(_ bytes: [UInt8], _ expected: String?) throws {
    let directory = try TemporaryDirectory()
    try writeFile(directory("x.npy"), bytes)
    let found = code {
      for case .leaf(let leaf) in try nodes(open(directory("x.npy"))).values { _ = try leaf.source }
    }
    #expect(found == expected)
  }

  @Test func refusesMoreDimensionsThanTheLimit() throws {
    let directory = try TemporaryDirectory()
    let extents = String(repeating: "1, ", count: 33)
    try writeFile(
      directory("x.npy"),
      Self.file("{'descr': '|i1', 'fortran_order': False, 'shape': (\(extents))}", data: 1))
    #expect(code { _ = try open(directory("x.npy")) } == "npy.limit")
  }

  @Test(arguments: ["stored.npz", "deflated.npz"], 0..<16)
  func survivesAnyByteBeingOther(_ name: String, _ part: Int) throws {
    let directory = try TemporaryDirectory()
    let bytes = try readFile(fixtures.appending(name))
    for place in stride(from: part * 7, to: bytes.count, by: 16 * 61) {
      var damaged = bytes
      damaged[place] ^= 0xFF
      try writeFile(directory("m.npz"), damaged)
      do {
        for case .leaf(let leaf) in try nodes(open(directory("m.npz"))).values {
          _ = try leaf.source.hex
          _ = try leaf.source.streamedHex(64)
        }
      } catch let error as CoppiceError {
        let area = error.code.rawValue.prefix { $0 != "." }
        #expect(["zip", "npy", "npz", "compression"].contains(area), "\(error)")
      }
    }
  }

  @Test func everyWholeReadIsChecked() throws {
    let directory = try TemporaryDirectory()
    var bytes = try readFile(fixtures.appending("stored.npz"))
    let truth = try #require(truths["stored.npz"]?["fortran"])
    // The first element of the array in Fortran order is the first in C order too.
    let first = try #require(truth.hex?.prefix(8))
    let word = (0..<4).map { index -> UInt8 in
      let start = first.index(first.startIndex, offsetBy: 2 * index)
      return UInt8(first[start..<first.index(start, offsetBy: 2)], radix: 16) ?? 0
    }
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: word) })
    bytes[place] ^= 1
    try writeFile(directory("m.npz"), bytes)
    let nodes = try nodes(open(directory("m.npz")))
    guard case .leaf(let leaf)? = nodes["fortran"] else { return }
    #expect(code { _ = try leaf.source.hex } == "zip.checksum")
    #expect(code { _ = try leaf.source.streamedHex() } == "zip.checksum")
    #expect(code { _ = try leaf.source.scatteredHex } == "zip.checksum")
  }
}
