import CoppiceFiles
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Files as other writers make them.
struct ForeignFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func dataset(_ path: String, of outline: FileOutline) throws -> DatasetOutline {
    let entry = try #require(outline.entries.first { $0.path == Array(path.utf8) })
    guard case .dataset(let dataset) = entry.content else {
      throw CoppiceError(.hdf5Invalid, "\(path) is no dataset")
    }
    return dataset
  }

  /// Other programs may put bytes of their own before the file: MATLAB does.
  @Test func offsetsCountFromTheFilesBeginning() throws {
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    let shifted = try scratch.write(
      [UInt8](repeating: 0, count: 512) + contents(of: path), to: "s.h5")
    let outline = try FileOutline.read(shifted, mode: .inProcess)
    let bytes = contents(of: shifted)
    #expect(outline.byteCount == UInt64(bytes.count))
    guard case .contiguous(let range?) = try dataset("layer/dense/kernel", of: outline).layout,
      case .chunked(_, _, let few) = try dataset("chunked", of: outline).layout,
      case .chunked(_, _, let many) = try dataset("many", of: outline).layout
    else {
      Issue.record("the layouts are others")
      return
    }
    #expect(bytes[Int(range.offset)..<Int(range.offset) + 24].allSatisfy { $0 == 1 })
    #expect(few.map { bytes[Int($0.range.offset)] } == [9, 8])
    #expect(many.map { bytes[Int($0.range.offset)] } == (0..<600).map { UInt8($0 % 256) })
  }

  /// h5py 3.16: `virtual[0:UNLIMITED] = VirtualSource("other.h5", "x", …)[0:UNLIMITED]`, bounds
  /// v108 to v110. Bytes not given are zero.
  static let unlimitedVirtual: [(offset: Int, hex: String)] = [
    (0, "894844460d0a1a0a020808"),
    (
      20,
      "ffffffffffffffff00180000000000003000000000000000d248eabe4f484452020078021200000000ffffffffff"
        + "ffffffffffffffffffffff0a0200010000060c000001000176b3000000000000000048"
    ),
    (
      175,
      "867426dc4f484452022161ff006b61ff006b61ff006b61ff006b000101140000020101010800000000000000ffff"
        + "ffffffffffff030c000110000000010000000000080005020001030b080e0000040300080000000000000100"
        + "000000bc"
    ),
    (459, "7669bade"),
    (
      2048,
      "47434f4c01000000001000000000000001000000000000007a000000000000000001000000000000006f74686572"
        + "2e68350078000200000002000000012400000001"
    ),
    (2125, "0100000000000000ffffffffffffffff01000000000000000200000002000000012400000001"),
    (2174, "0100000000000000ffffffffffffffff0100000000000000b9baaf12"),
    (2216, "600f"),
  ]

  /// libhdf5 would open the source file to tell such a dataset's extent.
  @Test func virtualDatasetsWithoutBoundsAreOnlyNamed() throws {
    var bytes = [UInt8](repeating: 0, count: 6144)
    for (offset, hex) in Self.unlimitedVirtual {
      let digits = Array(hex)
      for index in 0..<digits.count / 2 {
        bytes[offset + index] = UInt8(String(digits[2 * index...2 * index + 1]), radix: 16)!
      }
    }
    let path = try scratch.write(bytes, to: "v.h5")
    // A source file that can't be parsed: opening it would be an error.
    try scratch.write(Array("no HDF5".utf8), to: "other.h5")
    let outline = try FileOutline.read(path, mode: .inProcess)
    let virtual = try dataset("v", of: outline)
    #expect(virtual.extent == nil)
    #expect(virtual.layout == .virtual([nil]))
    #expect(virtual.type == .integer(byteCount: 1, isSigned: false))
    let root = try File(readingFrom: path.string).root()
    let opened = try root.openDataset("v")
    #expect(throws: HDF5Error.self) { try opened.extent() }
    if let worker = BuiltProgram.worker {
      #expect(try FileOutline.read(path, mode: .worker(worker)) == outline)
    }
  }

  private static func fixture(_ name: String) -> FilePath {
    Specification.package.appending("fixtures/foreign/hdf5").appending(name).appending("input/m.h5")
  }

  /// An object that libhdf5 can't read is listed as unreadable, and its siblings are found.
  @Test func objectsThatCantBeReadHideNoOthers() throws {
    let path = Self.fixture("damaged-header")
    let outline = try FileOutline.read(path, mode: .inProcess, listsUnreadable: true)
    let paths = outline.entries.map { String(decoding: $0.path, as: UTF8.self) }
    #expect(paths == ["", "a", "b", "c"])
    guard case .unreadable(.hdf5Invalid, let reason) = outline.entries[2].content else {
      Issue.record("b can be read")
      return
    }
    #expect(reason.hasSuffix("(bad object header version number); the file is damaged"))
    #expect(try FileOutline(json: outline.json()) == outline)
    if let worker = BuiltProgram.worker {
      #expect(
        try FileOutline.read(path, mode: .worker(worker), listsUnreadable: true) == outline)
    }
    // Without `listsUnreadable`, the first unreadable object is an error.
    let error = #expect(throws: CoppiceError.self) {
      try FileOutline.read(path, mode: .inProcess)
    }
    #expect(error?.code == .hdf5Invalid)
    #expect(error?.location.treePath == "b")
  }

  /// libhdf5 1.10 doesn't know what HDF5 2.0 writes; a newer one reads all of it.
  @Test func whatANewerHDF5WroteIsNoDamage() throws {
    let outline = try FileOutline.read(
      Self.fixture("newer-version"), mode: .inProcess, listsUnreadable: true)
    let unreadable = outline.entries.compactMap { entry -> String? in
      guard case .unreadable(let code, let reason) = entry.content else { return nil }
      #expect(code == .hdf5NewerVersion)
      #expect(reason.hasPrefix("this was written for a newer HDF5 than \(libraryVersion) here"))
      #expect(reason.hasSuffix("save them anew with libver=\"v110\""))
      return String(decoding: entry.path, as: UTF8.self)
    }
    guard libraryVersion.hasPrefix("1.10.") else { return }
    #expect(unreadable == ["wave"])
    // The attributes of an object that has one of them are not listed, the object is.
    #expect(try dataset("step", of: outline).attributes.map(\.name) == [Array("(unreadable)".utf8)])
  }

  /// Indexes of pages, of super blocks and of several levels of nodes list the chunks that h5py lists.
  @Test(.enabled(if: hasNewHDF5)) func indexesOfManyChunks() throws {
    let directory = try TemporaryDirectory()
    let path = directory("m.h5")
    let script = """
      import h5py, json, numpy as np, sys
      with h5py.File(sys.argv[1], "w", libver="latest") as f:
          o = dict(compression="gzip")
          f.create_dataset("paged", data=np.arange(5000), chunks=(2,), **o)
          f.create_dataset("grown", data=np.arange(9000), chunks=(2,), maxshape=(None,), **o)
          f.create_dataset("second", data=np.arange(12000).reshape(4, 3000), chunks=(2, 2), maxshape=(5, None), **o)
          f.create_dataset("tree", data=np.arange(12000).reshape(60, 200), chunks=(2, 2), maxshape=(None, None), **o)
          f.create_dataset("holes", (20000,), "i4", chunks=(2,), maxshape=(None,), **o)[[3, 4000, 19000]] = 1
          f.create_dataset("few", (20000,), "i4", chunks=(2,), **o)[[3, 4000, 19000]] = 1
          f.create_dataset("plain", data=np.arange(3000), chunks=(2,), maxshape=(None,))
          f.create_dataset("plain2", data=np.arange(8000).reshape(40, 200), chunks=(2, 2), maxshape=(None, None))
      with h5py.File(sys.argv[1]) as f:
          # HDF5 lists the chunks of this one at wrong places, but finds them by their offsets.
          whole = open(sys.argv[1], "rb").read()
          for i in range(0, 4, 2):
              for j in range(0, 3000, 2):
                  mask, stored = f["second"].id.read_direct_chunk((i, j))
                  print("second", i, j, mask, whole.index(stored), len(stored))
          for name in set(f) - {"second"}:
              f[name].id.chunk_iter(
                  lambda c: print(name, *c.chunk_offset, c.filter_mask, c.byte_offset, c.size))
      """
    let result = ShellCommand.run(Self.python, "-c", script, path.string)
    #expect(result.status == 0, "\(result.output.prefix(400))")
    let outline = try FileOutline.read(path, mode: .inProcess)
    var lines: [String] = []
    for entry in outline.entries {
      guard case .dataset(let dataset) = entry.content,
        case .chunked(_, _, let chunks) = dataset.layout
      else { continue }
      for chunk in chunks {
        let numbers =
          chunk.offset + [UInt64(chunk.filterMask), chunk.range.offset, chunk.range.byteCount]
        lines.append(
          String(decoding: entry.path, as: UTF8.self) + " "
            + numbers.map(String.init).joined(separator: " "))
      }
    }
    #expect(lines.count > 10_000)
    #expect(lines.sorted() == result.output.split(separator: "\n").map(String.init).sorted())
  }

  private static let python =
    Specification.package.appending(".venv").appending("bin").appending("python").string
  private static let hasNewHDF5 =
    ShellCommand.run(python, "-c", "import h5py; assert h5py.version.hdf5_version_tuple >= (2,)")
    .status == 0

  private static func foreignOutline(_ name: String) throws -> FileOutline {
    try FileOutline.read(fixture(name), mode: .inProcess)
  }

  @Test func whatLiesOutsideIsOnlyNamed() throws {
    let links = try Self.foreignOutline("refused-external-link")
    #expect(
      links.entries.contains {
        $0.content == .externalLink(file: Array("other.h5".utf8), path: Array("/x".utf8))
      })
    let storage = try Self.foreignOutline("refused-external-storage")
    #expect(try dataset("x", of: storage).layout == .external(count: 1))
    let path = Self.fixture("refused-external-link")
    let root = try File(readingFrom: path.string).root()
    #expect(throws: HDF5Error.self) { _ = try root.openDataset("x") }
    #expect(throws: HDF5Error.self) { _ = try root.info(at: "x") }
  }

  @Test func linksInsideTheFileLeadToTheirObject() throws {
    let outline = try Self.foreignOutline("links")
    let index = FileOutline.Index(outline)
    for path in ["a/x", "a/relative", "hard", "soft", "hop"] {
      #expect(index.object(at: Array(path.utf8))?.path == Array("a/x".utf8))
    }
  }

  @Test func typesOfH5pyAreSeen() throws {
    let outline = try Self.foreignOutline("types")
    #expect(try dataset("little/bool", of: outline).type == .bool)
    #expect(try dataset("little/complex64", of: outline).type == .complex64)
    #expect(try dataset("little/complex128", of: outline).type == .complex128)
    let kinds = try Self.foreignOutline("strings").entries.compactMap { entry -> Bool? in
      guard case .dataset(let dataset) = entry.content, case .variableString = dataset.type else {
        return nil
      }
      return dataset.strings != nil
    }
    #expect(!kinds.isEmpty && !kinds.contains(false))
    let hasNull = try Self.foreignOutline("strings").entries.contains { entry in
      guard case .dataset(let dataset) = entry.content else { return false }
      return dataset.extent == .null
    }
    #expect(hasNull)
  }
}
