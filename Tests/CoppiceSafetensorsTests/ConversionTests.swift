import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceTestSupport
import SystemPackage
import Testing

@Suite struct ConversionTests {
  /// The tensors that a plan would have in its files: name, type, shape and bytes, by name; and its notes.
  private func planned(_ contents: CheckpointContents) throws -> (
    arrays: [String: (dtype: DType, shape: [Int], bytes: [UInt8])], notes: [String]
  ) {
    let directory = try TemporaryDirectory()
    let plan = try makePlan(contents)
    let path = directory.path.appending("m.safetensors")
    try plan.write(to: path, durability: .buffered)
    var arrays: [String: (dtype: DType, shape: [Int], bytes: [UInt8])] = [:]
    for (name, leaf) in try open(path).entries {
      arrays[name] = (
        try leaf.metadata.dtype, try leaf.metadata.shape.dimensions, try leaf.source.loaded
      )
    }
    return (arrays, plan.notes.map { "\($0.treePath) \($0.kind.rawValue)" })
  }

  @Test func joinsNamesWithDots() throws {
    let byte = try leaf(.uint8, [], [1])
    let tree: Tree<ArrayLeaf> = .dict([
      .init("a", .dict([.init("b", byte), .init("c.d", byte)])),
      .init("l", .list([byte, .tuple([byte])])),
      .init("r", .record(.init(type: "T", fields: [.init("f", byte)]))),
      .init("n", .dict([.init(7, byte)])),
      .init("x.y", byte),
    ])
    let (arrays, notes) = try planned(contents(tree))
    #expect(arrays.keys.sorted() == ["a.b", "a.c.d", "l.0", "l.1.0", "n.7", "r.f", "x.y"])
    #expect(notes == [" structure", "n/%#7 integer-key"])
  }

  @Test func flatDictionariesAreCarriedOverExactly() throws {
    let tree: Tree<ArrayLeaf> = .dict([.init("a.b", try leaf(.uint8, [], [1]))])
    #expect(try planned(contents(tree)).notes.isEmpty)
    #expect(try planned(contents(.dict([]))).notes.isEmpty)
  }

  @Test(arguments: [0, 1, 2])
  func refusesNamesThatCollide(_ number: Int) throws {
    let byte = try leaf(.uint8, [], [1])
    let trees: [Tree<ArrayLeaf>] = [
      .dict([.init("a", .dict([.init("b", byte)])), .init("a.b", byte)]),
      .dict([.init(7, byte), .init("7", byte)]),
      .dict([.init("a", .list([byte])), .init("a.0", byte)]),
    ]
    let error = #expect(throws: CoppiceError.self) {
      try makePlan(contents(trees[number]))
    }
    #expect(error?.code.rawValue == "safetensors.name-collision")
  }

  @Test func refusesTheNameOfTheMetadata() throws {
    let tree: Tree<ArrayLeaf> = .dict([.init("__metadata__", try leaf(.uint8, [], [1]))])
    let error = #expect(throws: CoppiceError.self) { try makePlan(contents(tree)) }
    #expect(error?.code.rawValue == "safetensors.reserved-name")
  }

  @Test func takesTwoSpellingsOfOneCharacterForTwoNames() throws {
    let tree: Tree<ArrayLeaf> = .dict([
      .init("\u{E9}", try leaf(.uint8, [], [1])), .init("e\u{301}", try leaf(.uint8, [], [2])),
    ])
    #expect(try makePlan(contents(tree)).leaves.count == 2)
  }

  @Test func writesNumbersAsArraysOfNoDimensions() throws {
    let tree: Tree<ArrayLeaf> = .dict([
      .init("int", .value(.int(IntegerText(-2)))),
      .init("large", .value(.int(IntegerText(UInt64.max)))),
      .init("larger", .value(.int(try #require(IntegerText("18446744073709551616"))))),
      .init("float", .value(.float(Float64Bits(1)))),
      .init("bool", .value(.bool(true))),
      .init("complex", .value(.complex(real: Float64Bits(1), imaginary: Float64Bits(-2)))),
    ])
    let (arrays, notes) = try planned(contents(tree))
    #expect(arrays["int"]?.dtype == .int64)
    #expect(arrays["int"]?.bytes == [0xFE] + Array(repeating: 0xFF, count: 7))
    #expect(arrays["large"]?.dtype == .uint64)
    #expect(arrays["larger"] == nil)
    #expect(arrays["float"]?.dtype == .float64)
    #expect(arrays["float"]?.bytes == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(arrays["bool"]?.dtype == .bool)
    #expect(arrays["bool"]?.shape == [])
    #expect(arrays["complex"]?.shape == [2])
    #expect(arrays["complex"]?.bytes == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0])
    #expect(
      notes == [
        "int scalar", "large scalar", "larger left-out", "float scalar", "bool scalar",
        "complex scalar", "complex dtype",
      ])
  }

  @Test func leavesOutWhatIsNoArray() throws {
    let tree: Tree<ArrayLeaf> = .dict([
      .init("none", .value(.null)), .init("text", .value(.string("x"))),
      .init("bytes", .value(.bytes([1]))),
      .init(
        "texts",
        .value(.stringArray(try #require(TextArray(shape: .scalar, elements: .strings(["x"])))))),
      .init("empty", .dict([])), .init("list", .list([])), .init("tuple", .tuple([])),
    ])
    let (arrays, notes) = try planned(contents(tree))
    #expect(arrays.isEmpty)
    #expect(
      notes == [
        "none left-out", "text left-out", "bytes left-out", "texts left-out",
        "empty empty-container", "list empty-container", "tuple empty-container",
      ])
  }

  @Test func writesOtherTypesInTheNearestThatHoldsThem() throws {
    let tree: Tree<ArrayLeaf> = .dict([
      .init("int4", try leaf(.int4, [4], [0x0, 0x7, 0x8, 0xF])),
      .init("int2", try leaf(.int2, [4], [0, 1, 2, 3])),
      .init("uint4", try leaf(.uint4, [2], [0, 15])),
      .init("e3m4", try leaf(.float8_e3m4, [2], [1, 255])),
      .init("complex", try leaf(.complex128, [1, 1], Array(0..<16))),
      .init("odd", try leaf(.float4_e2m1fn, [3], [1, 2, 15])),
      .init("even", try leaf(.float4_e2m1fn, [2, 2], [1, 2, 3, 15])),
      .init("none", try leaf(.float4_e2m1fn, [0], [])),
    ])
    let (arrays, notes) = try planned(contents(tree))
    #expect(arrays["int4"]?.dtype == .int8)
    #expect(arrays["int4"]?.bytes == [0, 7, 0xF8, 0xFF])
    #expect(arrays["int2"]?.bytes == [0, 1, 0xFE, 0xFF])
    #expect(arrays["uint4"]?.dtype == .uint8)
    #expect(arrays["uint4"]?.bytes == [0, 15])
    #expect(arrays["e3m4"]?.dtype == .uint8)
    #expect(arrays["e3m4"]?.bytes == [1, 255])
    #expect(arrays["complex"]?.dtype == .float64)
    #expect(arrays["complex"]?.shape == [1, 1, 2])
    #expect(arrays["complex"]?.bytes == Array(0..<16))
    #expect(arrays["odd"]?.dtype == .uint8)
    #expect(arrays["even"]?.dtype == .float4_e2m1fn)
    #expect(arrays["even"]?.bytes == [1, 2, 3, 15])
    #expect(arrays["none"]?.dtype == .float4_e2m1fn)
    #expect(
      notes == [
        "int4 dtype", "int2 dtype", "uint4 dtype", "e3m4 dtype", "complex dtype", "odd dtype",
      ])
  }

  /// An array that isn't in memory in one piece: the least that a source can do.
  struct Coded: ArraySource {
    var array: NDArray
    var dtype: DType { array.dtype }
    var shape: Shape { array.shape }
    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
      try array.read(range, into: &bytes)
    }
    func forEachPiece(
      ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
    ) throws(CoppiceError) {
      // Pieces of odd sizes.
      try array.forEachPiece(ofAtMost: max(min(limit, 3), dtype.width), body)
    }
  }

  @Test func changedSourcesReadAnyBox() throws {
    let shape = try shape(4, 6)
    let codes = (0..<24).map { UInt8($0 % 16) }
    for dtype in [DType.float4_e2m1fn, .int4, .uint4] {
      let array = try NDArray(dtype: dtype, shape: shape, bytes: codes)
      let tree: Tree<ArrayLeaf> = .dict([.init("a", .leaf(ArrayLeaf(Coded(array: array))))])
      let source = try #require(makePlan(contents(tree)).leaves.first).source
      let whole = try source.streamed()
      #expect(try source.loaded == whole)
      #expect(whole.count == source.byteCount)
      let start = source.shape.rank == 1 ? 5 : 8
      let part = try source.shape.rank == 1 ? box([5], [4]) : box([1, 2], [1, 4])
      #expect(try source.loaded(part) == Array(whole[start..<(start + 4)]))
    }
  }

  @Test func splitComplexNumbersReadAnyBox() throws {
    let array = try NDArray(
      dtype: .complex128, shape: shape(2, 2), bytes: Array(0..<64))
    let tree: Tree<ArrayLeaf> = .dict([.init("a", .leaf(ArrayLeaf(Coded(array: array))))])
    let source = try #require(makePlan(contents(tree)).leaves.first).source
    #expect(try source.loaded == Array(0..<64))
    #expect(try source.loaded(box([0, 1, 1], [2, 1, 1])) == Array(24..<32) + Array(56..<64))
  }

  @Test func notesMarksOfArrays() throws {
    let array = try NDArray(dtype: .uint32, shape: shape(2), bytes: Array(0..<8))
    let tree: Tree<ArrayLeaf> = .dict([
      .init(
        "key",
        .leaf(
          ArrayLeaf(array, sharding: Sharding(device: "cpu:0"), prngImplementation: "threefry2x32"))
      )
    ])
    let (arrays, notes) = try planned(contents(tree))
    #expect(arrays["key"]?.bytes == Array(0..<8))
    #expect(notes == ["key random-key", "key sharding"])
  }

  @Test func carriesMetadataAsStrings() throws {
    var contents = contents(.dict([]))
    contents.custom = .object([
      .init("s", .string("x")), .init("n", .number("1.50")),
      .init("o", .object([.init("b", .array([.bool(true), .null])), .init("a", .number("NaN"))])),
    ])
    contents.step = 3
    contents.metrics = .object([])
    let plan = try makePlan(contents)
    let header = String(decoding: plan.files[0].header.dropFirst(8), as: UTF8.self)
    #expect(
      header.hasPrefix(
        #"{"__metadata__":{"s":"x","n":"1.50","o":"{\"a\":NaN,\"b\":[true,null]}"}}"#), "\(header)")
    #expect(plan.notes.map(\.kind) == Array(repeating: .metadata, count: 4))
  }

  @Test func givesAnArrayWithoutANameAnEmptyOne() throws {
    let (arrays, notes) = try planned(contents(leaf(.uint8, [], [1])))
    #expect(arrays.keys.sorted() == [""])
    #expect(notes == [" structure"])
  }
}
