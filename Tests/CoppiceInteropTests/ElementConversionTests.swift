import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// No conversion carries an element over that its type doesn't have.
///
/// Spec: MOD-12.
struct ElementConversionTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let formats = FormatWriters.all.map(\.name)

  /// A file of NumPy with bools, as `numpy.save` writes it.
  private func npy(_ bytes: [UInt8]) throws -> FilePath {
    let header = "{'descr': '|b1', 'fortran_order': False, 'shape': (\(bytes.count),), }"
    let text = Array(header.utf8) + [UInt8](repeating: 0x20, count: 117 - header.utf8.count) + [10]
    return try directory.file(
      "m.npy", [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + text + bytes)
  }

  private func convert(
    _ source: FilePath, to format: String, _ values: BoolValues
  ) throws(CoppiceError) {
    try CoppiceInteropTests.convert(
      CheckpointOpener.open(source, options: OpenOptions(formats: .all)), to: directory("out")
    ) { (options) throws(CoppiceError) in
      options.format = try OutputFormat(FormatWriters.named(format))
      options.boolValues = values
    }
  }

  @Test(arguments: formats)
  func everyFormatRefusesABadBool(_ format: String) throws {
    let source = try npy([0, 1, 132, 1])
    let error = failure { try convert(source, to: format, .refuse) }
    #expect(error?.code.rawValue == "arrays.bad-element")
    #expect(error?.message.hasPrefix("element 2 of the bool array is the byte 132,") == true)
    #expect(try directory.names == ["m.npy"])
  }

  @Test(arguments: formats)
  func everyFormatTakesItAsTrueWhenAskedTo(_ format: String) throws {
    try convert(try npy([0, 1, 132, 1]), to: format, .normalize)
    let tree = try #require(try opened(directory("out")).tree())
    let leaf = try #require(tree.leaves.first?.leaf)
    #expect(leaf.dtype == .bool)
    #expect(
      leaf.withBytes { bytes in (0..<4).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
      } == [0, 1, 1, 1])
  }

  @Test(arguments: formats, [DType.int4, .uint2])
  func theLeafIsNamed(_ format: String, _ dtype: DType) throws {
    let array = try NDArray(dtype: dtype, shape: #require(Shape([2, 2])), bytes: [1, 1, 1, 0x21])
    let contents = CheckpointContents(.dict([.init("a", .dict([.init("b", .leaf(array))]))]))
    let error = failure {
      try CoppiceInteropTests.convert(.checkpoint(contents), to: directory("out")) {
        (options) throws(CoppiceError) in
        options.format = try OutputFormat(FormatWriters.named(format))
        options.boolValues = .normalize
      }
    }
    // Formats without the type cast it, which names such elements too.
    let code = error?.code.rawValue ?? ""
    #expect(["arrays.bad-element", "cast.invalid-element"].contains(code), "\(code)")
    #expect(error?.message.hasPrefix("element 3 of the \(dtype) array is the byte ") == true)
    #expect(["a/b", "a.b"].contains(error?.location.treePath), "\(error?.location.treePath ?? "")")
    #expect(try directory.names == [])
  }

  /// A checkpoint of this format from a careless writer: its digests are right.
  @Test(arguments: [false, true])
  func digestsVouchForNoElements(_ isCompressed: Bool) throws {
    let mask = try NDArray(
      dtype: .bool, shape: #require(Shape([8192])),
      bytes: (0..<8192).map { $0 == 8191 ? 3 : UInt8($0 % 2) })
    let unchecked = CheckpointContents(.dict([.init("m", .leaf(try mask.as(.uint8)))]))
    let path = try directory.checkpoint("a", unchecked) {
      $0.tree.zstdLevel = isCompressed ? 1 : nil
    }
    // The bytes of uint8 are taken for those of a bool by way of a view.
    let contents = try opened(path)
    guard case .named(let items) = contents.root, case .tree(let tree)? = try items.first?.value
    else {
      Issue.record("no tree")
      return
    }
    let bools = try tree.mapLeaves { _, leaf in ArrayLeaf(Retyped(base: try leaf.source)) }
    var retyped = contents
    retyped.root = .named([.init("state", .tree(bools))])
    let error = failure {
      try CoppiceInteropTests.convert(.checkpoint(retyped), to: directory("out"))
    }
    #expect(error?.code.rawValue == "arrays.bad-element")
    #expect(error?.message.hasPrefix("element 8191 of the bool array is the byte 3,") == true)
  }

  @Test func castsComeAfterNormalizing() throws {
    let source = try npy([0, 7])
    let input = try CheckpointOpener.open(source, options: OpenOptions(formats: .all))
    let glob = try PathGlob("**")
    let refused = failure {
      try CoppiceInteropTests.convert(input, to: directory("out")) {
        $0.transform.casts = [(glob, .float32)]
      }
    }
    #expect(refused?.code.rawValue == "cast.invalid-element")
    try CoppiceInteropTests.convert(input, to: directory("out")) {
      $0.transform.casts = [(glob, .float32)]
      $0.boolValues = .normalize
    }
    #expect(try opened(directory("out")).tree()?.leaves.first?.leaf.floats == [0, 1])
  }

  @Test func mergedTreesAreNormalizedToo() throws {
    let bad = try NDArray(dtype: .bool, shape: #require(Shape([2])), bytes: [9, 0])
    let good = try NDArray(dtype: .bool, shape: #require(Shape([2])), bytes: [0, 1])
    let contents = CheckpointContents(.dict([.init("good", .leaf(good))]))
    let merged = Tree<NDArray>.dict([.init("bad", .leaf(bad))]).asLeaves
    try CoppiceInteropTests.convert(.checkpoint(contents), to: directory("out")) {
      $0.transform.steps = [.merge(merged)]
      $0.boolValues = .normalize
    }
    let tree = try #require(try opened(directory("out")).tree())
    #expect(
      tree.leaves.map { $0.leaf.withBytes { $0.unsafeLoad(as: UInt8.self) } } == [0, 1])
  }
}

/// Bytes of another type taken for bools.
private struct Retyped: ArraySource {
  let base: any ArraySource
  var dtype: DType { .bool }
  var shape: Shape { base.shape }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try base.read(range, into: &bytes)
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try base.forEachPiece(ofAtMost: limit, body)
  }
}

extension NDArray {
  /// The same bytes as elements of another type of the same width.
  fileprivate func `as`(_ dtype: DType) throws -> NDArray {
    try NDArray(
      dtype: dtype, shape: shape,
      bytes: self.bytes)
  }
}
