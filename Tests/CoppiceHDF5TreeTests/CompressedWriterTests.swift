import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceHDF5Tree

/// Arrays in deflated chunks, which are read back here and by h5py.
struct CompressedWriterTests {
  let directory: TemporaryDirectory
  let path: FilePath

  init() throws {
    directory = try TemporaryDirectory()
    path = directory("x.h5")
  }

  /// Chunks at edges, of several dimensions, of noise and of one byte; arrays below a page.
  private static func array(_ name: String) throws -> NDArray {
    let (dtype, dimensions): (DType, [Int]) =
      switch name {
      case "rows": (.float32, [3001, 333])
      case "deep": (.int64, [3, 5, 40_001])
      case "noise": (.uint8, [100_003])
      case "wide": (.float64, [2, 300_000])
      case "complex": (.complex128, [90, 1000])
      case "flags": (.bool, [9000])
      case "opaque": (.float8_e4m3fn, [70, 100])
      default: (.int16, [5])
      }
    let shape = try #require(Shape(dimensions))
    var generator = SeededGenerator(seed: 7)
    let bytes = (0..<shape.elementCount * dtype.width).map { index in
      name == "noise" ? UInt8.random(in: 0...255, using: &generator) : UInt8(index / 300 % 2)
    }
    return try NDArray(dtype: dtype, shape: shape, bytes: bytes)
  }

  private static let names = [
    "rows", "deep", "noise", "wide", "complex", "flags", "opaque", "small",
  ]

  @Test func readsBackWhatItWrites() throws {
    let arrays = try Self.names.map { ($0, try Self.array($0)) }
    let tree = Tree<NDArray>.dict([
      .init("g", .dict(arrays.map { .init(.string($0.0), .leaf($0.1)) }))
    ])
    #expect(try write(tree.asSources, to: path, gzipLevel: 4).isEmpty)
    guard case .dict(let root) = try CoppiceHDF5TreeTests.tree(path),
      case .dict(let entries)? = root.first?.node
    else { throw CoppiceError(.modelByteCount, "no group") }
    for (name, array) in arrays {
      guard case .leaf(let leaf)? = entries.first(where: { $0.key == .string(name) })?.node else {
        Issue.record("no \(name)")
        continue
      }
      #expect(try leaf.source.load() == array, "\(name)")
      let filters = try leaf.source.places(at: TreePath()).first?.filters
      let expected =
        switch name {
        case "small": [] as [String]
        case "noise", "flags", "opaque": ["gzip"]
        default: ["shuffle", "gzip"]
        }
      #expect(filters == expected, "\(name)")
    }
    // A second file has the same bytes, whichever processor was faster.
    let other = directory("y.h5")
    try write(tree.asSources, to: other, gzipLevel: 4)
    #expect(ShellCommand.run("cmp", path.string, other.string).status == 0)
  }

  @Test(.enabled(if: hasPython)) func h5pyReadsIt() throws {
    let tree = Tree<NDArray>.dict([
      .init("rows", .leaf(try Self.array("rows"))), .init("noise", .leaf(try Self.array("noise"))),
    ])
    try write(tree.asSources, to: path, gzipLevel: 9)
    let script = """
      import h5py, numpy as np, sys
      with h5py.File(sys.argv[1]) as f:
          n = 3001 * 333 * 4
          rows = ((np.arange(n) // 300) % 2).astype('u1').view('f4').reshape(3001, 333)
          assert (f['rows'][()].view('u4') == rows.view('u4')).all()
          assert (f['rows'].compression, f['rows'].compression_opts, f['rows'].shuffle) == ('gzip', 9, True)
          assert f['noise'].shape == (100003,) and f['noise'][()].std() > 70
      """
    let result = ShellCommand.run(python, "-c", script, path.string)
    #expect(result.status == 0, "\(result)")
  }
}
