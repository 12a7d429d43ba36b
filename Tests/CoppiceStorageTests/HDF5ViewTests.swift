import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// The HDF5 files as other programs read them: every leaf at its path, with its elements.
@Suite(.enabled(if: PythonView.isThere))
struct HDF5ViewTests {
  enum Layout: String, CaseIterable, Sendable {
    case plain, packed, compressed, sharded, multiFile, shardedCompressedMultiFile

    func apply(to options: inout TreeWriteOptions) {
      switch self {
      case .plain: break
      case .packed:
        options.packing = .init()
        options.packing?.leafCount = 0
      case .compressed: options.zstdLevel = 1
      case .sharded: options.shards = Sample.halves
      case .multiFile: options.dataFiles = 3
      case .shardedCompressedMultiFile:
        options.shards = Sample.halves
        options.zstdLevel = 3
        options.chunkBytes = 1000
        options.dataFiles = 2
      }
    }
  }

  /// Odd keys, all element types, shards over several files: h5py finds the bytes that were saved.
  @Test(arguments: Layout.allCases, [UInt64(31), 32, 33])
  func h5pyReadsEveryLeaf(_ layout: Layout, _ seed: UInt64) throws {
    var generator = TreeGenerator(seed: seed, extent: 9)
    let large = try generator.array(.float32, [40, 37])
    let small = try generator.array(.bfloat16, [3])
    let tree: Tree<NDArray> = .dict([
      .init("tree", try generator.tree()), .init("large", .leaf(large)),
      .init("small", .leaf(small)),
    ])
    let sample = try Sample(tree) { layout.apply(to: &$0) }
    let view = try PythonView(of: sample)
    for (path, array) in tree.leaves {
      let name = Array(path.description.utf8)
      let entry = try #require(view.packed[name] ?? view.datasets[name], "\(path)")
      #expect(entry.shape == array.shape.dimensions, "\(path)")
      #expect(entry.bytes == array.bytes, "\(path)")
    }
    #expect((layout == .packed) == !view.packed.isEmpty)
    let own = ["%coppice/", "%packed/", "%shards/"].map { Array($0.utf8) }
    let found = view.datasets.keys.count { key in !own.contains { key.starts(with: $0) } }
    #expect(found + view.packed.count == tree.leaves.count)
  }

  @Test func aRootLeafHasANameOfItsOwn() throws {
    let array = try TreeGenerator.counting([2, 3])
    let plain = try PythonView(of: try Sample(.leaf(array)))
    #expect(plain["%leaf"]?.bytes == array.bytes)
    let sample = try Sample(.leaf(array)) { Layout.packed.apply(to: &$0) }
    let packed = try PythonView(of: sample)
    #expect(packed.packed[Array("%leaf".utf8)]?.bytes == array.bytes)
  }

  /// The element types that HDF5 has are NumPy's in h5py; the others are their bits.
  @Test func typesAreNumPys() throws {
    var generator = TreeGenerator(seed: 34)
    let names: [DType: String] = [
      .bool: "bool", .int8: "int8", .uint64: "uint64", .float16: "float16", .float64: "float64",
      .complex64: "complex64", .complex128: "complex128", .float8_e4m3fn: "uint8", .int4: "uint8",
    ]
    let entries = try names.keys.sorted { $0.rawValue < $1.rawValue }.map {
      Tree<NDArray>.Entry(.string($0.rawValue), .leaf(try generator.array($0, [2, 2])))
    }
    let view = try PythonView(of: try Sample(.dict(entries)))
    for (dtype, name) in names { #expect(view[dtype.rawValue]?.dtype == name) }
  }

  /// Chunks that compression would make larger are stored as they are, and their masks say so.
  @Test func rawChunksHaveAllFiltersMasked() throws {
    var generator = TreeGenerator(seed: 35)
    let shape = try #require(Shape([2048]))
    let zeros = try NDArray(
      dtype: .int32, shape: shape, bytes: Array(repeating: 0, count: 8192))
    let tree: Tree<NDArray> = .dict([
      .init("noise", .leaf(try generator.array(.uint8, [8192]))), .init("zeros", .leaf(zeros)),
      .init("wide", .leaf(try generator.array(.uint64, [1024]))),
    ])
    let sample = try Sample(tree) {
      $0.zstdLevel = 3
      $0.chunkBytes = 4096
    }
    let view = try PythonView(of: sample)
    #expect(view["noise"]?.masks == [1, 1])
    #expect(view["wide"]?.masks == [3, 3])
    #expect(view["zeros"]?.masks == [0, 0])
    for (path, array) in tree.leaves {
      #expect(view[path.description]?.bytes == array.bytes)
    }
  }

  /// Shards are seen as one array; where their file is missing, as NaN, which the text warns of.
  @Test func viewsOfShardsAreVirtual() throws {
    let array = try TreeGenerator.counting([6, 4])
    let sample = try Sample(.dict([.init("w", .leaf(array))])) {
      $0.shards = Sample.halves
      $0.dataFiles = 2
    }
    let whole = try PythonView(of: sample)
    #expect(whole["w"]?.layout == "virtual")
    #expect(whole["w"]?.bytes == array.bytes)
    try OutputDirectory.remove(sample.file("arrays.1.h5"))
    let part = try PythonView(of: sample)
    let bytes = try #require(part["w"]?.bytes)
    try #require(bytes.count == 96)
    let words = stride(from: 0, to: 96, by: 4).map { place in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }
    #expect(words.count { Float(bitPattern: $0).isNaN } == 12)
  }

  /// h5dump, which knows nothing of escapes, finds odd keys under their texts.
  @Test(.enabled(if: ShellCommand.has("h5dump")))
  func h5dumpFindsOddKeys() throws {
    let keys: [TreeKey] = ["a/b", "..", "", "100%", "é", 7, "7", "\u{0}", "~"]
    let shape = try #require(Shape([1]))
    let entries = try keys.enumerated().map { index, key in
      Tree<NDArray>.Entry(
        key, .leaf(try NDArray(dtype: .uint8, shape: shape, bytes: [UInt8(100 + index)])))
    }
    let sample = try Sample(.dict(entries))
    defer { withExtendedLifetime(sample) {} }
    let texts = ["a%2Fb", "%2E.", "%empty", "100%25", "é", "%#7", "7", "%00", "~"]
    for (index, text) in texts.enumerated() {
      let result = ShellCommand.run("h5dump", "-d", "/" + text, sample.file("arrays.h5").string)
      #expect(result.status == 0)
      #expect(result.output.contains("(0): \(100 + index)\n"), "\(text): \(result.output)")
    }
  }
}

extension TreeGenerator {
  /// 0, 1, 2, … as float32.
  static func counting(_ dimensions: [Int]) throws -> NDArray {
    let shape = try #require(Shape(dimensions))
    let bytes = (0..<shape.elementCount).flatMap { number -> [UInt8] in
      let bits = Float(number).bitPattern
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
    }
    return try NDArray(dtype: .float32, shape: shape, bytes: bytes)
  }
}
