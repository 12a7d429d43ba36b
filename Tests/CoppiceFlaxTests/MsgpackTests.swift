import CoppiceFiles
import CoppiceModel
import Testing

@testable import CoppiceFlax

/// MessagePack: the examples of its specification, and hostile files.
struct MsgpackTests {
  private func parse(_ bytes: [UInt8]) throws -> MsgpackValue {
    try MsgpackDocument(reading: MemoryBytes(bytes), file: "m", limits: .standard).root
  }

  private func code(_ bytes: [UInt8]) -> String? {
    do {
      _ = try parse(bytes)
      return nil
    } catch let error as CoppiceError {
      return error.code.rawValue
    } catch {
      return "\(error)"
    }
  }

  private func tree(_ bytes: [UInt8]) throws -> Tree<ArrayLeaf> {
    let document = try MsgpackDocument(
      reading: MemoryBytes(bytes), file: "m", limits: .standard)
    return try FlaxTreeReader(document, limits: .standard).tree(of: document.root)
  }

  @Test(
    arguments: [
      ([0x00], 0), ([0x7F], 127), ([0xFF], -1), ([0xE0], -32), ([0xCC, 0xFF], 255),
      ([0xCD, 0x01, 0x00], 256), ([0xCE, 0xFF, 0xFF, 0xFF, 0xFF], 4_294_967_295),
      ([0xD0, 0x80], -128), ([0xD1, 0x80, 0x00], -32768),
      ([0xD2, 0x80, 0x00, 0x00, 0x00], -2_147_483_648),
      ([0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0], Int.min),
      ([0xCF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Int.max),
    ] as [([UInt8], Int)])
  func readsIntegers(_ bytes: [UInt8], _ number: Int) throws {
    #expect(try parse(bytes).integer == number)
  }

  @Test func readsTheOtherKinds() throws {
    guard case .uint(UInt64.max) = try parse([0xCF] + Array(repeating: 0xFF, count: 8)),
      case .float(1.5) = try parse([0xCA, 0x3F, 0xC0, 0, 0]),
      case .float(1.5) = try parse([0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]),
      case .none = try parse([0xC0]), case .bool(true) = try parse([0xC3]),
      case .string("abc") = try parse([0xD9, 3, 0x61, 0x62, 0x63]),
      case .bytes(MsgpackPayload(offset: 2, count: 1)) = try parse([0xC4, 1, 9]),
      case .ext(-1, MsgpackPayload(offset: 2, count: 4)) = try parse([0xD6, 0xFF, 1, 2, 3, 4]),
      case .ext(5, MsgpackPayload(offset: 3, count: 3)) = try parse([0xC7, 3, 5, 1, 2, 3])
    else {
      Issue.record("a kind is misread")
      return
    }
  }

  @Test(
    arguments: [
      ([], "msgpack.truncated"), ([0xCD, 0x01], "msgpack.truncated"),
      ([0xA3, 0x61], "msgpack.truncated"), ([0xC4, 5, 1], "msgpack.truncated"),
      ([0xC0, 0xC0], "msgpack.trailing"), ([0xC1], "msgpack.reserved-byte"),
      ([0xA1, 0xFF], "msgpack.text"), ([0xA3, 0xED, 0xA0, 0x80], "msgpack.text"),
      ([0x82, 0xA1, 0x61, 0, 0xA1, 0x61, 1], "msgpack.duplicate-key"),
      // Counts that exceed the data: the reader allocates no memory for them.
      ([0xDD, 0xFF, 0xFF, 0xFF, 0xFF], "msgpack.truncated"),
      ([0xDF, 0xFF, 0xFF, 0xFF, 0xFF], "msgpack.truncated"),
      ([0xDB, 0xFF, 0xFF, 0xFF, 0xFF], "msgpack.truncated"),
      ([0xC6, 0xFF, 0xFF, 0xFF, 0xFF], "msgpack.truncated"),
      ([0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1], "msgpack.truncated"),
    ] as [([UInt8], String)])
  func refusesDamage(_ bytes: [UInt8], _ expected: String) {
    #expect(code(bytes) == expected)
  }

  @Test func limitsDepth() {
    #expect(code(Array(repeating: 0x91, count: 128) + [0xC0]) == nil)
    #expect(code(Array(repeating: 0x91, count: 129) + [0xC0]) == "msgpack.depth")
    #expect(code(Array(repeating: 0x91, count: 1 << 20)) == "msgpack.depth")
  }

  @Test func limitsTheNumberOfValues() {
    var limits = ReadLimits.standard
    limits.leaves = 10
    let bytes = [0xDC, 0x00, 0x64] + [UInt8](repeating: 0xC0, count: 100)
    #expect(throws: CoppiceError(.msgpackLimit, "", at: .init(file: "m", offset: 42))) {
      try MsgpackDocument(reading: MemoryBytes(bytes), file: "m", limits: limits)
    }
  }

  @Test func readsFlaxsArrays() throws {
    // [ [2], "int16", bin ] as Flax packs it, in extension 1.
    let array: [UInt8] = [0x93, 0x91, 2, 0xA5] + Array("int16".utf8) + [0xC4, 4, 1, 0, 0xFF, 0xFF]
    guard case .leaf(let leaf) = try tree([0xC7, UInt8(array.count), 1] + array) else {
      Issue.record("no leaf")
      return
    }
    #expect(try leaf.metadata.dtype == .int16 && leaf.metadata.shape.dimensions == [2])
    #expect(try leaf.source.load().withBytes { unsafe $0.unsafeLoad(as: Int32.self) } == -65535)
  }

  /// A timestamp, an unknown extension, an array of an unknown dtype, and maps with other keys.
  @Test func whatNoTreeCanHoldHidesNoOtherValue() throws {
    let odd: [UInt8] = [0x93, 0x91, 1, 0xA4] + Array("int7".utf8) + [0xC4, 1, 0]
    let values: [UInt8] =
      [0xD6, 0xFF, 1, 2, 3, 4] + [0xC7, 3, 77, 1, 2, 3] + [0xC7, UInt8(odd.count), 1] + odd
      + [0x82, 0xA1, 0x61, 5, 0xC0, 6] + [0x82, 0x90, 7, 0x90, 8]
    guard case .list(let nodes) = try tree([0x97, 1] + values + [2]) else {
      Issue.record("no list")
      return
    }
    guard case .value(.int(let one)) = nodes[0], case .value(.int(let two)) = nodes[6],
      one.text == "1", two.text == "2"
    else {
      Issue.record("the values beside them are others")
      return
    }
    let faults = nodes[1...5].map(fault)
    #expect(faults.allSatisfy { $0?.kind == .unsupported })
    #expect(
      faults.map { $0?.error.code }
        == [.flaxExtensionType, .flaxExtensionType, .flaxDType, .msgpackKeyType, .msgpackKeyType])
    #expect(faults.map { $0?.error.location.treePath } == ["1", "2", "3", "4", "5"])
  }

  private func fault(_ node: Tree<ArrayLeaf>) -> LeafFault? {
    if case .leaf(let leaf) = node { leaf.fault } else { nil }
  }

  @Test func aDamagedExtensionHidesNoOtherValue() throws {
    // A complex number that is one nil.
    guard case .list(let nodes) = try tree([0x92, 0xD4, 2, 0xC0, 7]) else {
      Issue.record("no list")
      return
    }
    #expect(fault(nodes[0])?.kind == .damaged)
    #expect(fault(nodes[0])?.error.code == .flaxExtension)
    #expect(fault(nodes[0])?.error.location.treePath == "0")
    guard case .value(.int(let seven)) = nodes[1], seven.text == "7" else {
      Issue.record("the value after it is another")
      return
    }
  }

  @Test func joinsChunkedArrays() throws {
    func chunk(_ byte: UInt8) -> [UInt8] {
      let array: [UInt8] = [0x93, 0x91, 1, 0xA5] + Array("uint8".utf8) + [0xC4, 1, byte]
      return [0xC7, UInt8(array.count), 1] + array
    }
    func text(_ text: String) -> [UInt8] { [0xD9, UInt8(text.utf8.count)] + Array(text.utf8) }
    func document(_ chunks: [UInt8]) -> [UInt8] {
      [0x83] + text("__msgpack_chunked_array__") + [0xC3] + text("shape") + [0x82] + text("0") + [2]
        + text("1") + [1] + text("chunks") + chunks
    }
    let whole = [0x82] + text("0") + chunk(7) + text("1") + chunk(9)
    guard case .leaf(let leaf) = try tree(document(whole)) else {
      Issue.record("no leaf")
      return
    }
    #expect(try leaf.metadata.shape.dimensions == [2, 1])
    #expect(try leaf.source.load().withBytes { unsafe $0.unsafeLoad(as: UInt16.self) } == 0x0907)
    for chunks in [[0x81] + text("0") + chunk(7), [0x81] + text("1") + chunk(7)] {
      let fault = fault(try tree(document(chunks)))
      #expect(fault?.kind == .damaged && fault?.error.code == .flaxChunks)
    }
  }

  @Test func limitsTheDepthOfTuplesInTuples() throws {
    var nested: [UInt8] = [0xC0]
    for _ in 0..<200 {
      let content = [0x91] + nested
      nested = [0xC8, UInt8(content.count >> 8), UInt8(content.count & 0xFF), 4] + content
    }
    let error = #expect(throws: CoppiceError.self) { try tree(nested) }
    #expect(error?.code == .flaxDepth)
  }
}
