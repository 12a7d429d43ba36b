import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceMaintenance
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// The HDF5 structure of a tree's file, by 4.6 to 4.8: a file made by hand, and changes of it.
struct HDF5ComparisonTests {
  /// The property that is changed.
  enum Change: String, CaseIterable, Sendable {
    case none
    // ARR-26, ARR-30
    case noFormat, laterVersion, moreRootAttributes, formatIsANumber
    // ARR-27, ARR-28
    case emptyGroup, groupWithAttributes, moreDatasets, moreAttributes
    // ARR-2, ARR-4, ARR-29
    case otherPath, otherShape, otherType, noDtype, otherDtype
    // ARR-41
    case noStructure, otherStructure, structureInHeader
    // ARR-38, ARR-39
    case poolBeginsEarly, otherIndex, indexWithAttributes
  }

  @Test(arguments: Change.allCases)
  func differencesAreFound(_ change: Change) throws {
    let directory = try TemporaryDirectory()
    let state = directory("state")
    try OutputDirectory.create(state)
    var document = Self.document
    try write(change, to: state.appending("arrays.h5"), &document)
    let file = try InputFile(opening: state.appending("arrays.h5"))
    let blocks = zip(document.index.blocks.offset, document.index.blocks.size).map {
      (offset: $0, size: $1)
    }
    document.files = [DataFile(size: file.byteCount)]
    document.index.structureDigest = try StructureDigest.take(of: file, outside: blocks)
    let bytes = document.encoded()
    try OutputFile.create(state.appending("tree.json"), holding: bytes, durability: .buffered)
    let record = FileRecord(path: "tree.json", size: bytes.count, digest: Digest(of: bytes))
    let root = RootDocument(
      requiredFeatures: [.packed], checkpointables: [NamedEntry("state", .tree(record))],
      writer: "test")
    try OutputFile.create(
      directory("coppice.json"), holding: try root.encoded(), durability: .buffered)
    let found = try Validator.run(try DirectoryHandle(opening: directory.path), level: .data)
    let codes = Set(found.map(\.fault.code))
    #expect(
      codes == (change == .none ? [] : [.arraysHDF5Mismatch]), "\(found.map(\.fault.description))")
  }

  /// A dataset at its path, `a/w`, and a packed leaf, `b`.
  private static var document: TreeDocument {
    var document = TreeDocument(
      tree: .dict([
        .init("a", .dict([.init("w", .leaf(0))])), .init("b", .leaf(1)),
      ]),
      leaves: LeafTable([
        LeafRecord(dtype: .int4, shape: Shape([2, 3])!, storage: .contiguous),
        LeafRecord(dtype: .uint16, shape: Shape([4])!, storage: .packed),
      ]),
      shardings: [])
    document.index.blocks.size = [6, 8]
    return document
  }

  private static let elements: [UInt8] = [0, 1, 2, 3, 4, 5]
  private static let packed: [UInt8] = [1, 0, 2, 0, 3, 0, 4, 0]

  private func write(
    _ change: Change, to path: FilePath, _ document: inout TreeDocument
  ) throws {
    let file = try CoppiceHDF5.File(
      creatingAt: path.string, layout: .init(alignmentThreshold: 1, alignment: 64))
    let root = try file.root()
    if change == .formatIsANumber {
      try root.writeAttribute("format", number: 1)
    } else if change != .noFormat {
      try root.writeAttribute("format", text: "coppice")
    }
    try root.writeAttribute("version", text: change == .laterVersion ? "1.1" : "1.0")
    if change == .moreRootAttributes { try root.writeAttribute("note", text: "x") }

    let leaf = try root.createDataset(
      change == .otherPath ? "a/v" : "a/w",
      type: .integer(byteCount: 1, isSigned: change == .otherType),
      dimensions: change == .otherShape ? [3, 2] : [2, 3])
    try leaf.write(Self.elements.span.bytes)
    if change != .noDtype {
      try leaf.writeAttribute("dtype", text: change == .otherDtype ? "int2" : "int4")
    }
    if change == .moreAttributes { try leaf.writeAttribute("prng", text: "threefry2x32") }
    document.index.blocks.offset = [Int(try #require(try leaf.contiguousExtent()).offset), 0]
    if change == .emptyGroup { _ = try root.createGroup("c") }
    if change == .groupWithAttributes {
      try root.openGroup("a").writeAttribute("note", text: "x")
    }
    if change == .moreDatasets {
      _ = try root.createDataset("a/x", type: .float32(), dimensions: [1])
    }

    let early = change == .poolBeginsEarly
    let pool = try root.createDataset(
      "%packed/uint16", type: .integer(byteCount: 2, isSigned: false),
      dimensions: [early ? 36 : 4])
    let content = (early ? [UInt8](repeating: 0, count: 64) : []) + Self.packed
    try pool.write(content.span.bytes)
    let start = Int(try #require(try pool.contiguousExtent()).offset)
    document.index.blocks.offset[1] = start + (early ? 64 : 0)
    document.index.blocks.digest = [Digest(of: Self.elements).bits, Digest(of: Self.packed).bits]
    try writeIndex(change, root)

    var structure = document.encodedStructure()
    if change == .otherStructure { structure[structure.count - 2] ^= 1 }
    guard change != .noStructure else { return }
    let name = "%coppice/tree"
    let byte = try Datatype.integer(byteCount: 1, isSigned: false)
    let dimensions = [UInt64(structure.count)]
    if change == .structureInHeader {
      try root.createCompactDataset(name, type: byte, dimensions: dimensions)
        .write(structure.span.bytes)
    } else {
      try root.createDataset(name, type: byte, dimensions: dimensions)
        .write(structure.span.bytes)
    }
  }

  /// One row: "b", "uint16", 0, 1, [4].
  private func writeIndex(_ change: Change, _ root: borrowing CoppiceHDF5.Group) throws {
    let row = try Datatype.compound(byteCount: 50)
    let word = try Datatype.integer(byteCount: 8, isSigned: false)
    try row.insert("path", at: 0, .string(byteCount: 1))
    try row.insert("dtype", at: 1, .string(byteCount: 32))
    try row.insert("offset", at: 33, word)
    try row.insert("rank", at: 41, .integer(byteCount: 1, isSigned: false))
    try row.insert("dims", at: 42, .array(of: word, dimensions: [1]))
    let index = try root.createDataset("%packed/index", type: row, dimensions: [1])
    var bytes = [UInt8](repeating: 0, count: 50)
    bytes[0] = UInt8(ascii: change == .otherIndex ? "c" : "b")
    bytes.replaceSubrange(1..<7, with: "uint16".utf8)
    bytes[41] = 1
    bytes[42] = 4
    try index.write(bytes.span.bytes)
    if change == .indexWithAttributes { try index.writeAttribute("note", text: "x") }
  }
}
