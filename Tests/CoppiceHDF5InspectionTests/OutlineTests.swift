import CoppiceFiles
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import SystemPackage
import Testing

struct OutlineTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func outline(_ mode: HDF5Access = .inProcess) throws -> FileOutline {
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    return try FileOutline.read(path, mode: mode)
  }

  private func dataset(_ path: String, of outline: FileOutline) throws -> DatasetOutline {
    let entry = try #require(outline.entries.first { $0.path == Array(path.utf8) })
    guard case .dataset(let dataset) = entry.content else {
      throw CoppiceError(.hdf5Invalid, "\(path) is no dataset")
    }
    return dataset
  }

  @Test func listsAllPathsDepthFirst() throws {
    let paths = try outline().entries.map { String(decoding: $0.path, as: UTF8.self) }
    let members = (0..<40).map { "crowd/member \($0)" }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(
      paths == ["", "chunked", "compact", "crowd"] + members + [
        "empty", "index", "layer", "layer/dense", "layer/dense/c", "layer/dense/flags",
        "layer/dense/half", "layer/dense/kernel", "many", "virtual",
      ])
  }

  /// A damaged group can have two links of one name, and a worker's answer can say anything.
  @Test func aLinkToALinkLeadsToNothing() {
    let bytes = { (text: String) in Array(text.utf8) }
    let index = FileOutline.Index(
      FileOutline(
        byteCount: 0,
        entries: [
          .init(path: [], content: .group(attributes: [])),
          .init(path: bytes("a"), content: .sameObject(as: bytes("a"))),
          .init(path: bytes("b"), content: .sameObject(as: bytes("c"))),
          .init(path: bytes("c"), content: .sameObject(as: bytes("b"))),
          .init(path: bytes("d"), content: .sameObject(as: [])),
        ]))
    for name in ["a", "b", "c"] { #expect(index.object(at: bytes(name)) == nil) }
    #expect(index.object(at: bytes("d"))?.path == [])
  }

  @Test func saysWhereDataLie() throws {
    let outline = try outline()
    let bytes = contents(of: scratch.file("rich.h5"))
    #expect(outline.byteCount == UInt64(bytes.count))
    guard case .contiguous(let range?) = try dataset("layer/dense/kernel", of: outline).layout
    else {
      Issue.record("the kernel is contiguous")
      return
    }
    #expect(range.byteCount == 24)
    #expect(bytes[Int(range.offset)..<Int(range.offset) + 24].allSatisfy { $0 == 1 })
    guard
      case .chunked(let shape, let filters, let chunks) = try dataset("chunked", of: outline).layout
    else {
      Issue.record("chunked is chunked")
      return
    }
    #expect(shape == [2, 3])
    #expect(filters == [.shuffle(width: 4), .zstd(level: 1)])
    #expect(chunks.map(\.offset) == [[0, 0], [4, 0]])
    #expect(chunks.map(\.filterMask) == [0, 3])
    #expect(chunks.map { bytes[Int($0.range.offset)] } == [9, 8])
    #expect(try dataset("compact", of: outline).layout == .compact([1, 0, 2, 0, 3, 0]))
    #expect(try dataset("empty", of: outline).layout == .contiguous(nil))
    guard case .chunked(_, _, let many) = try dataset("many", of: outline).layout else {
      Issue.record("many is chunked")
      return
    }
    #expect(many.map { bytes[Int($0.range.offset)] } == (0..<600).map { UInt8($0 % 256) })
  }

  @Test func saysWhatElementsAre() throws {
    let outline = try outline()
    #expect(try dataset("layer/dense/half", of: outline).type == .bfloat16)
    #expect(try dataset("layer/dense/flags", of: outline).type == .bool)
    #expect(try dataset("layer/dense/c", of: outline).type == .complex128)
    #expect(try dataset("layer/dense/c", of: outline).extent == .scalar)
    #expect(try dataset("empty", of: outline).extent?.dimensions == [0, 4])
    let virtual = try dataset("virtual", of: outline)
    #expect(virtual.fillValue == [0, 0, 0xC0, 0x7F])
    #expect(
      virtual.layout
        == .virtual([
          VirtualMapping(
            box: Box(offset: [1], shape: [3]), sourceFile: "other.h5", sourcePath: "/x")
        ]))
    guard case .group(let attributes) = outline.entries[0].content else {
      Issue.record("the root is a group")
      return
    }
    #expect(attributes.map(\.name) == ["format", "version"].map { Array($0.utf8) })
    #expect(attributes[0].value.text == "rich")
    #expect(attributes[1].value.contents == .bytes([3, 0, 0, 0]))
  }

  @Test func jsonKeepsAllOfIt() throws {
    var outline = try outline()
    // Datatypes that this package never writes.
    let odd = TypeDescription.compound(
      byteCount: 100,
      members: [
        .init(name: [0xFF, 0x22], offset: 0, type: .variableLength(base: .bool)),
        .init(name: "b", offset: 16, type: .bitfield(byteCount: 2, isLittleEndian: false)),
        .init(name: "o", offset: 18, type: .opaque(byteCount: 3, tag: [0x80])),
        .init(
          name: "s", offset: 21, type: .string(byteCount: 4, padding: .spacePadded, isUTF8: false)),
        .init(name: "v", offset: 25, type: .variableString(padding: .nullTerminated, isUTF8: true)),
        .init(name: "r", offset: 41, type: .reference(byteCount: 8)),
        .init(name: "u", offset: 49, type: .unknown(typeClass: 2, byteCount: 4)),
        .init(name: "a", offset: 53, type: .array(base: .float16, dimensions: [.max, 1])),
      ])
    outline.entries += [
      .init(path: [0xC3], content: .softLink(target: [0x2F, 0xFF])),
      .init(path: Array("same".utf8), content: .sameObject(as: [])),
      .init(path: Array("external".utf8), content: .externalLink(file: [0x41], path: [0])),
      .init(path: Array("user".utf8), content: .userDefinedLink(type: 100)),
      .init(path: Array("type".utf8), content: .datatype(odd)),
      .init(path: Array("unknown".utf8), content: .unknown),
      .init(
        path: Array("data".utf8),
        content: .dataset(
          DatasetOutline(
            type: odd, extent: .simple(dimensions: [1 << 60, 2], maximums: [nil, .max]),
            layout: .external(count: 2), fillValue: [],
            attributes: [
              .init(
                name: [0xFE],
                value: .init(type: .float64, extent: .null, contents: .omitted)),
              .init(
                name: [],
                value: .init(type: odd, extent: .scalar, contents: .strings([[], [0xFF]]))),
            ], strings: [[0x41], [0xC0]]))),
      .init(
        path: Array("virtual 2".utf8),
        content: .dataset(
          DatasetOutline(type: .float32, extent: nil, layout: .virtual([nil])))),
      .init(
        path: Array("compact 2".utf8),
        content: .dataset(DatasetOutline(type: .float32, extent: .null, layout: .compact(nil)))),
    ]
    #expect(try FileOutline(json: outline.json()) == outline)
  }

  @Test func followsLinksInsideTheFile() {
    let dataset = DatasetOutline(type: .float32, extent: .scalar, layout: .contiguous(nil))
    func entry(_ path: String, _ content: FileOutline.Content) -> FileOutline.Entry {
      .init(path: Array(path.utf8), content: content)
    }
    func soft(_ path: String) -> FileOutline.Content { .softLink(target: Array(path.utf8)) }
    let outline = FileOutline(
      byteCount: 0,
      entries: [
        entry("", .group(attributes: [])),
        entry("a", .group(attributes: [])),
        entry("a/loop", .sameObject(as: Array("a".utf8))),
        entry("a/out", soft("/missing")),
        entry("a/relative", soft("x")),
        entry("a/x", .dataset(dataset)),
        entry("alias", soft("/a")),
        entry("chain", soft("alias/loop/relative")),
        entry("circle", soft("circle")),
        entry("self", soft("./self/x")),
      ])
    let index = FileOutline.Index(outline)
    func path(_ path: String) -> String? {
      index.object(at: Array(path.utf8)).map { String(decoding: $0.path, as: UTF8.self) }
    }
    #expect(path("") == "")
    #expect(path("/a/x") == "a/x")
    #expect(path("a/loop/loop/x") == "a/x")
    #expect(path("alias/relative") == "a/x")
    #expect(path("chain") == "a/x")
    #expect(path("a/out") == nil)
    #expect(path("circle") == nil)
    #expect(path("self") == nil)
    #expect(path("a/x/y") == nil)
  }

  @Test func keepsItsLimits() throws {
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    for change: (inout OutlineLimits) -> Void in [
      { $0.links = 20 }, { $0.links = 0 }, { $0.depth = 1 }, { $0.chunks = 601 },
      { $0.totalBytes = 3000 },
    ] {
      var limits = OutlineLimits()
      change(&limits)
      #expect(throws: CoppiceError.self) {
        _ = try FileOutline.read(path, mode: .inProcess, limits: limits)
      }
    }
    var limits = OutlineLimits()
    limits.valueBytes = 5
    let outline = try FileOutline.read(path, mode: .inProcess, limits: limits)
    #expect(try dataset("compact", of: outline).layout == .compact(nil))
  }

  @Test func namesTheFileThatCannotBeOpened() throws {
    let error = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(scratch.file("none.h5"), mode: .inProcess, name: "state/none.h5")
    }
    #expect(error?.code == .ioHDF5Open)
    #expect(error?.location.file == "state/none.h5")
    let text = try scratch.write(Array("no HDF5 at all".utf8), to: "text.h5")
    let other = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(text, mode: .inProcess)
    }
    #expect(other?.code == .hdf5Invalid)
    #expect(throws: CoppiceError.self) { _ = try FileOutline.read(scratch.path, mode: .inProcess) }
  }
}
