import CoppiceFormat
import CoppiceModel
import Testing

/// The step from version 0: a function of documents, told from stated values alone.
struct From0Tests {
  private func dataset(
    _ path: String, _ stored: DType? = .float32, named: String? = nil, extents: [UInt64]? = [2],
    at place: Version0Arrays.Place = .range(offset: 800, size: 8)
  ) -> Version0Arrays.Dataset {
    .init(path: Array(path.utf8), stored: stored, named: named, extents: extents, place: place)
  }

  private func migrate(
    _ datasets: [Version0Arrays.Dataset], groups: [String] = [], metadata: String? = nil,
    limits: ReadLimits = .standard
  ) throws(CoppiceError) -> From0.Result {
    var arrays = Version0Arrays()
    arrays.groups = groups.map { Array($0.utf8) }
    arrays.datasets = datasets
    var document: Version0Metadata?
    if let metadata {
      document = try Version0Metadata(
        parsing: Array(metadata.utf8), file: "state/metadata.json", limits: limits)
    }
    return try From0.migrate(
      document, arrays, file: "state/arrays.h5", size: 4096, limits: limits)
  }

  private func code(
    _ datasets: [Version0Arrays.Dataset], groups: [String] = [], metadata: String? = nil,
    limits: ReadLimits = .standard
  ) -> String? {
    do {
      _ = try migrate(datasets, groups: groups, metadata: metadata, limits: limits)
      return nil
    } catch {
      return error.code.rawValue
    }
  }

  @Test func takesContainersFromTheMetadata() throws {
    let result = try migrate(
      [dataset("t/1")],
      metadata: """
        {"arrays": {"t/1": {"dtype": "float32", "shape": [2]}},
         "containers": {"t": "tuple", "e": "list", "d": "dict"}, "values": {"t/0": 1, "b/c": "x"}}
        """)
    #expect(
      result.document.tree
        == .dict([
          .init("b", .dict([.init("c", .value(.string("x")))])), .init("d", .dict([])),
          .init("e", .list([])), .init("t", .tuple([.value(.int(IntegerText(1))), .leaf(0)])),
        ]))
    #expect(result.notes.isEmpty)
    #expect(result.places == [.range(offset: 800, size: 8)])
  }

  @Test func readsValuesAsPythonWritesThem() throws {
    let result = try migrate(
      [],
      metadata: """
        {"arrays": {}, "containers": {"": "list"}, "values": {"0": 1e0, "1": -0, "2": -0.0,
         "3": NaN, "4": 123456789012345678901234567890, "5": null, "6": 1E-2, "7": -Infinity}}
        """)
    #expect(
      result.document.tree
        == .list([
          .value(.float(Float64Bits(1))), .value(.int(IntegerText(0))),
          .value(.float(Float64Bits(-0.0))),
          .value(.float(Float64Bits(bitPattern: 0x7ff8_0000_0000_0000))),
          .value(.int(try #require(IntegerText("123456789012345678901234567890")))),
          .value(.null), .value(.float(Float64Bits(0.01))), .value(.float(Float64Bits(-.infinity))),
        ]))
  }

  @Test func infersListsOnlyOfAllNumbers() throws {
    let result = try migrate(
      [
        dataset("a/0", at: .range(offset: 100, size: 8)),
        dataset("a/1", at: .range(offset: 200, size: 8)),
        dataset("b/0", at: .range(offset: 300, size: 8)),
        dataset("b/00", at: .range(offset: 400, size: 8)),
        dataset("c/1", at: .range(offset: 500, size: 8)),
      ], groups: ["a", "b", "c", "d"])
    #expect(
      result.document.tree
        == .dict([
          .init("a", .list([.leaf(0), .leaf(1)])),
          .init("b", .dict([.init("0", .leaf(2)), .init("00", .leaf(3))])),
          .init("c", .dict([.init("1", .leaf(4))])), .init("d", .dict([])),
        ]))
    #expect(result.notes.map(\.kind) == [.metadata, .structure])
    #expect(result.notes.map(\.treePath) == ["", "a"])
  }

  @Test func infersElementTypes() throws {
    let result = try migrate([
      dataset("a", .uint16, named: "bfloat16", extents: [4]),
      dataset("b", .uint16, extents: [4], at: .inline([1, 2, 3, 4, 5, 6, 7, 8])),
      dataset("c", .bool, extents: [0, 3], at: .nowhere),
    ])
    #expect(result.document.leaves.map(\.dtype) == [.bfloat16, .uint16, .bool])
    #expect(result.document.leaves.map(\.storage) == [.contiguous, .contiguous, .none])
    #expect(result.places[1] == .inline([1, 2, 3, 4, 5, 6, 7, 8]))
    #expect(result.places[2] == nil)
    #expect(result.notes.map(\.kind) == [.metadata, .dtype])
  }

  @Test func refusesWhatDoesNotFit() {
    let entry = #"{"arrays": {"a": {"dtype": "float32", "shape": [2]}}}"#
    #expect(code([dataset("a")], metadata: entry) == nil)
    #expect(code([], metadata: entry) == "arrays.hdf5-mismatch")
    #expect(code([dataset("a", .int32)], metadata: entry) == "arrays.hdf5-mismatch")
    #expect(code([dataset("a", extents: [1, 2])], metadata: entry) == "arrays.hdf5-mismatch")
    #expect(code([dataset("a", named: "int32")], metadata: entry) == "arrays.hdf5-mismatch")
    #expect(code([dataset("a", nil)], metadata: entry) == "arrays.unknown-dtype")
    #expect(code([dataset("a", at: .nowhere)], metadata: entry) == "arrays.bad-storage")
    #expect(code([dataset("a", at: .other("chunked"))], metadata: entry) == "arrays.bad-storage")
    #expect(code([dataset("a", at: .inline([0]))], metadata: entry) == "arrays.block-size")
    #expect(
      code([dataset("a", at: .range(offset: 800, size: 7))], metadata: entry)
        == "arrays.block-size")
    #expect(
      code([dataset("a"), dataset("b", at: .range(offset: 804, size: 8))]) == "arrays.block-overlap"
    )
  }

  @Test func survivesNumbersThatOverflow() {
    #expect(code([dataset("a", extents: [.max, .max])]) == "arrays.bad-shape")
    #expect(code([dataset("a", extents: [1 << 53])]) == "arrays.bad-shape")
    #expect(code([dataset("a", extents: nil)]) == "arrays.bad-shape")
    #expect(
      code([dataset("a", at: .range(offset: .max - 3, size: 8))]) == "arrays.hdf5-mismatch")
    #expect(code([dataset("a", at: .range(offset: 4092, size: 8))]) == "arrays.hdf5-mismatch")
  }

  @Test func keepsLimits() {
    var limits = ReadLimits.standard
    limits.depth = 2
    #expect(code([dataset("a/b")], limits: limits) == nil)
    #expect(code([dataset("a/b/c")], limits: limits) == "model.too-deep")
    limits = .standard
    limits.leaves = 1
    let two =
      #"{"arrays": {"a": {"dtype": "bool", "shape": []}, "b": {"dtype": "bool", "shape": []}}}"#
    #expect(code([], metadata: two, limits: limits) == "model.too-many-leaves")
  }

  @Test func keepsKeysApartByTheirBytes() throws {
    let result = try migrate(
      [], metadata: #"{"arrays": {}, "values": {"\u00e9": 1, "e\u0301": 2}}"#)
    #expect(
      result.document.tree
        == .dict([
          .init("e\u{301}", .value(.int(IntegerText(2)))),
          .init("\u{e9}", .value(.int(IntegerText(1)))),
        ]))
  }
}
