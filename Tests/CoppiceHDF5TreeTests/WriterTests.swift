import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceHDF5Tree

/// Written files, read back here and by h5py.
struct WriterTests {
  let directory: TemporaryDirectory
  let path: FilePath

  init() throws {
    directory = try TemporaryDirectory()
    path = directory("x.h5")
  }

  /// Everything without a note is read back unchanged.
  @Test(arguments: 0..<60) func keepsWhatItDoesntNote(_ seed: Int) throws {
    var generator = TreeGenerator(seed: UInt64(seed))
    let original = try generator.tree()
    let notes: [ConversionNote]
    do {
      notes = try write(original.asSources, to: path)
    } catch {
      #expect(error.code == .hdf5NameCollision)
      return
    }
    try compare(original, tree(path), TreePath(), Set(notes.map(\.treePath)))
  }

  private func compare(
    _ original: Tree<NDArray>, _ read: Tree<ArrayLeaf>?, _ path: TreePath, _ noted: Set<String>
  ) throws {
    guard !noted.contains(path.description) else { return }
    switch (original, read) {
    case (.dict(let wanted), .dict(let found)?):
      for entry in wanted {
        let match = found.first { $0.key == entry.key }?.node
        try compare(entry.node, match, path.appending(.key(entry.key)), noted)
      }
      #expect(found.count <= wanted.count, "\(path)")
    case (.value(let wanted), .value(let found)?): #expect(wanted == found, "\(path)")
    case (.leaf(let wanted), .leaf(let found)?):
      #expect(try wanted == found.source.load(), "\(path)")
    default: Issue.record("\(path): \(original) became \(String(describing: read))")
    }
  }

  @Test func keepsMetadata() throws {
    let custom = JSON.object([
      .init("done", .bool(true)), .init("epoch", .integer(-7)),
      .init("large", .integer(UInt64.max)), .init("name", .string("grüße")),
      .init("rate", .number("0.25")),
    ])
    #expect(try write(.dict([]), to: path, custom: custom).isEmpty)
    #expect(try open(path).custom == custom)
    let nested = JSON.object([.init("a", .array([.integer(1), .null]))])
    let other = directory("y.h5")
    #expect(try write(.dict([]), to: other, custom: nested).map(\.kind) == [.metadata])
    #expect(try open(other).custom == .object([.init("a", .string("[1,null]"))]))
  }

  @Test func saysWhatItCantKeep() throws {
    let notes = try write(
      .dict([
        .init(3, .value(.int(IntegerText(1)))), .init("a/b", .list([])),
        .init("i4", array(.int4, [2], [0x0F, 7])),
        .init("nul", .value(.string("a\0b"))), .init("end", .value(.bytes([1, 0]))),
      ]), to: path)
    #expect(
      notes.map(\.kind) == [.integerKey, .scalar, .structure, .structure, .dtype, .dtype, .dtype])
    guard case .dict(let entries) = try tree(path) else { return }
    let values = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.node) })
    #expect(Set(values.keys) == ["3", "a%2Fb", "i4", "nul", "end"])
    guard case .leaf(let narrow)? = values["i4"] else { return }
    #expect(
      try narrow.source.load() == NDArray(dtype: .int8, shape: Shape([2])!, bytes: [0xFF, 7]))
  }

  /// HDF5 has one kind of scalar text, which h5py reads as a string.
  @Test func saysThatAnArrayOfOneTextIsAText() throws {
    let texts = try #require(TextArray(shape: .scalar, elements: .strings(["x"])))
    let notes = try write(.dict([.init("t", .value(.stringArray(texts)))]), to: path)
    #expect(notes.map(\.kind) == [.scalar])
    #expect(notes.map(\.treePath) == ["t"])
    guard case .dict(let entries) = try tree(path) else { return }
    guard case .value(.string("x"))? = entries.first?.node else {
      Issue.record("\(entries)")
      return
    }
  }

  @Test func refusesTwoNodesOfOneName() {
    let error = #expect(throws: CoppiceError.self) {
      try write(.dict([.init("7", .dict([])), .init(7, .dict([]))]), to: path)
    }
    #expect(error?.code == .hdf5NameCollision)
  }

  @Test(.enabled(if: hasPython)) func givesH5pyWhatItExpects() throws {
    let texts = try #require(TextArray(shape: Shape([2])!, elements: .strings(["é", ""])))
    try write(
      .dict([
        .init("b", array(.bool, [2], [1, 0])),
        .init("bf", array(.bfloat16, [2], [0x80, 0x3F, 0x20, 0xC0])),
        .init("c", array(.complex64, [1], [0, 0, 128, 63, 0, 0, 0, 192])),
        .init("f8", array(.float8_e5m2, [2], [1, 2])),
        .init("g", .dict([.init("i", array(.int32, [1, 2], [1, 0, 0, 0, 255, 255, 255, 255]))])),
        .init("h", array(.float16, [1], [0, 0x3C])),
        .init("none", .value(.null)), .init("raw", .value(.bytes([1, 0, 2]))),
        .init("s", .value(.string("grüße"))), .init("t", .value(.stringArray(texts))),
      ]), to: path, custom: .object([.init("n", .integer(3)), .init("title", .string("x"))]))
    let script = """
      import h5py, numpy as np
      f = h5py.File('\(path.string)')
      def show(name, x):
        if isinstance(x, h5py.Dataset):
          print(name, x.dtype, x.shape, None if x.shape is None else np.asarray(x[()]).tolist(), dict(x.attrs))
      f.visititems(show)
      print(dict(f.attrs))
      """
    let result = ShellCommand.run(python, "-c", script)
    #expect(
      result.output == """
        b bool (2,) [True, False] {}
        bf float32 (2,) [1.0, -2.5] {}
        c complex64 (1,) [(1-2j)] {}
        f8 |V1 (2,) [b'\\x01', b'\\x02'] {'dtype': 'float8_e5m2'}
        g/i int32 (1, 2) [[1, -1]] {}
        h float16 (1,) [1.0] {}
        none float32 None None {}
        raw |S3 () b'\\x01\\x00\\x02' {}
        s object () b'gr\\xc3\\xbc\\xc3\\x9fe' {}
        t object (2,) [b'\\xc3\\xa9', b''] {}
        {'n': np.int64(3), 'title': 'x'}

        """)
  }
}
