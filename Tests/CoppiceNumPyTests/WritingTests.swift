import CoppiceFiles
import CoppiceModel
import CoppiceNumPy
import CoppiceTestSupport
import SystemPackage
import Testing

private let python = Specification.package.appending(".venv/bin/python").string

private func contents(_ tree: Tree<ArrayLeaf>) -> CheckpointContents {
  CheckpointContents(format: "test", root: .unnamed(.tree(tree)))
}

private func leaf(_ dtype: DType, _ dimensions: [Int], _ bytes: [UInt8]) throws -> Tree<ArrayLeaf> {
  let shape = try #require(Shape(dimensions))
  return .leaf(ArrayLeaf(try NDArray(dtype: dtype, shape: shape, bytes: bytes)))
}

private func write(_ tree: Tree<ArrayLeaf>, to path: FilePath) throws -> [ConversionNote] {
  let plan = try NpzPlan(writing: tree, of: contents(tree))
  try plan.write(to: path, durability: .buffered)
  #expect(try readFile(path).count == plan.byteCount)
  return plan.notes
}

struct WritingTests {
  /// Trees of each type, one array a type, of all the bytes there are.
  static func everyType() throws -> Tree<ArrayLeaf> {
    .dict(
      try DType.allCases.map { dtype in
        let mask: UInt8 = dtype == .bool ? 1 : UInt8((1 << min(dtype.significantBits, 8)) - 1)
        let bytes = (0..<(6 * dtype.width)).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) & mask }
        return .init(.string(dtype.rawValue), try leaf(dtype, [2, 3], bytes))
      })
  }

  @Test func theTypesThatNumPyHasComeBack() throws {
    let directory = try TemporaryDirectory()
    let tree = try Self.everyType()
    let notes = try write(tree, to: directory("m.npz"))
    let changed = Set(notes.map(\.treePath))
    #expect(notes.allSatisfy { $0.kind == .dtype })
    let read = try nodes(open(directory("m.npz")))
    for (path, before) in tree.leaves {
      guard case .leaf(let after)? = read[path.description] else {
        Issue.record("\(path) is missing")
        continue
      }
      #expect(try after.metadata.shape == before.metadata.shape)
      guard try !changed.contains(path.description) || before.metadata.dtype == .bfloat16 else {
        continue
      }
      #expect(try after.metadata.dtype == before.metadata.dtype)
      #expect(try after.source.hex == before.source.hex)
    }
    let kept = DType.allCases.filter { !changed.contains($0.rawValue) }
    #expect(Set(kept) == Set(NpzPlan.dtypes))
  }

  @Test(.enabled(if: ShellCommand.has(python)))
  func numPyReadsIt() throws {
    let directory = try TemporaryDirectory()
    _ = try write(Self.everyType(), to: directory("m.npz"))
    // The bytes are those above; what NumPy makes of them is compared with what it makes of them itself.
    let script = """
      import sys, numpy as np
      z = np.load(sys.argv[1], allow_pickle=False)
      for name in z.files:
          a = z[name]
          assert a.shape == (2, 3) and a.flags.c_contiguous, name
          known = name in np.sctypeDict
          assert not known or a.dtype == np.dtype(name), name
          mask = 1 if name == "bool" else 255 if known else None
          if mask:
              wanted = (np.arange(6 * a.itemsize) * 37 + 5).astype(np.uint8) & mask
              assert a.tobytes() == wanted.tobytes(), name
      print(len(z.files), z["bfloat16"].dtype, z["int4"].dtype, z["int4"].min(), z["float8_e5m2"].dtype)
      """
    let (status, output) = ShellCommand.run(python, "-c", script, directory("m.npz").string)
    #expect(status == 0)
    #expect(output == "\(DType.allCases.count) |V2 int8 -7 uint8\n")
  }

  @Test(.enabled(if: ShellCommand.has(python)))
  func numPyReadsTextsScalarsAndNames() throws {
    let directory = try TemporaryDirectory()
    let two = try #require(Shape([2]))
    let texts = try #require(TextArray(shape: two, elements: .strings(["é", "abc"])))
    let tree: Tree<ArrayLeaf> = .dict([
      .init("a", .list([try leaf(.int8, [1], [1]), .tuple([try leaf(.int8, [], [2])])])),
      .init(7, .value(.int(IntegerText(-3)))), .init("text", .value(.string("héllo"))),
      .init("bytes", .value(.bytes([1, 0, 2]))), .init("texts", .value(.stringArray(texts))),
      .init("none", .value(.null)), .init("zeros", .value(.bytes([1, 0]))),
      .init("empty", .dict([])),
      .init("complex", .value(.complex(real: Float64Bits(1), imaginary: Float64Bits(2)))),
      .init("huge", .value(.int(try #require(IntegerText("99999999999999999999999"))))),
    ])
    let notes = try write(tree, to: directory("m.npz"))
    #expect(
      notes.map { "\($0.treePath) \($0.kind.rawValue)" } == [
        " structure", "%#7 integer-key", "%#7 scalar", "text scalar", "bytes scalar",
        "none left-out",
        "zeros left-out", "empty empty-container", "complex scalar", "huge left-out",
      ])
    let script = """
      import sys, numpy as np
      z = np.load(sys.argv[1], allow_pickle=False)
      print({k: (z[k].dtype.str, z[k].tolist()) for k in z.files})
      """
    let (status, output) = ShellCommand.run(python, "-c", script, directory("m.npz").string)
    #expect(status == 0)
    #expect(
      output == """
        {'a/0': ('|i1', [1]), 'a/1/0': ('|i1', 2), '7': ('<i8', -3), 'text': ('<U5', 'héllo'), \
        'bytes': ('|S3', b'\\x01\\x00\\x02'), 'texts': ('<U3', ['é', 'abc']), \
        'complex': ('<c16', (1+2j))}

        """)
  }

  @Test func theSameTreeGivesTheSameFile() throws {
    let directory = try TemporaryDirectory()
    _ = try write(Self.everyType(), to: directory("a.npz"))
    _ = try write(Self.everyType(), to: directory("b.npz"))
    #expect(try readFile(directory("a.npz")) == readFile(directory("b.npz")))
  }

  @Test func refusesTwoArraysOfOneName() throws {
    let one = try leaf(.int8, [1], [1])
    let tree: Tree<ArrayLeaf> = .dict([.init("a/b", one), .init("a", .dict([.init("b", one)]))])
    #expect(code { _ = try NpzPlan(writing: tree, of: contents(tree)) } == "npz.name-collision")
  }

  /// Of many arrays, the message must say which to rename.
  @Test func saysWhichArrayCantHaveItsName() throws {
    let one = try leaf(.int8, [1], [1])
    let tree: Tree<ArrayLeaf> = .dict([.init("a", one), .init("b", .dict([.init("\0", one)]))])
    let error = #expect(throws: CoppiceError.self) {
      try NpzPlan(writing: tree, of: contents(tree))
    }
    #expect(error?.code.rawValue == "zip.name")
    #expect(error?.location.treePath == "b/%00")
  }

  @Test func anArrayAloneIsNamedAsByNumPy() throws {
    let directory = try TemporaryDirectory()
    #expect(try write(leaf(.int8, [1], [1]), to: directory("m.npz")).map(\.kind) == [.structure])
    #expect(try nodes(open(directory("m.npz"))).keys.sorted() == ["arr_0"])
  }

  @Test func aSourceThatGivesTooLittleIsAFault() throws {
    struct Short: ArraySource {
      let dtype = DType.int8
      let shape = Shape.scalar
      func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {}
      func forEachPiece(
        ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
      ) throws(CoppiceError) {}
    }
    let directory = try TemporaryDirectory()
    let tree: Tree<ArrayLeaf> = .dict([.init("a", .leaf(ArrayLeaf(Short())))])
    #expect(code { _ = try write(tree, to: directory("m.npz")) } == "model.byte-count")
  }
}
