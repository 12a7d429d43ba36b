import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceHDF5Tree

/// Elements that no array can have, as h5py writes them, are read as the bytes that NumPy has of them.
@Suite(.enabled(if: hasPython)) struct RawElementTests {
  private static let script = """
    import h5py, numpy as np, sys
    pair = np.zeros(3, {'names': ['a', 'b'], 'formats': ['<i2', '>f8'], 'offsets': [1, 4], 'itemsize': 13})
    pair['a'], pair['b'] = [1, -2, 3], [0.5, 1e300, -7]
    opaque = np.frombuffer(bytes(range(70, 84)), 'V7').reshape(2)
    long = np.array([1.5, -3], np.longdouble)
    bits = np.array([1, 0x8000, 0x0102], '>u2')
    with h5py.File(sys.argv[1], 'w') as f:
        f['pair'] = pair
        f.create_dataset('chunks', data=np.tile(pair, 50).reshape(30, 5), chunks=(7, 2), compression='gzip', shuffle=True)
        f['opaque'], f['long'], f['number'] = opaque, long, np.int16([5])
        space = h5py.h5s.create_simple((3,))
        h5py.h5d.create(f.id, b'bits', h5py.h5t.STD_B16BE, space).write(
            h5py.h5s.ALL, h5py.h5s.ALL, bits, h5py.h5t.STD_B16BE)
        part = h5py.h5t.array_create(h5py.h5t.py_create(opaque.dtype), (2,))
        h5py.h5d.create(f.id, b'array', part, h5py.h5s.create(h5py.h5s.SCALAR)).write(
            h5py.h5s.ALL, h5py.h5s.ALL, opaque, part)
        f.create_dataset('words', data=np.array([('x',)], [('a', h5py.string_dtype())]))
    for name, array in [('pair', pair), ('chunks', np.tile(pair, 50)), ('opaque', opaque), ('long', long),
                        ('bits', bits), ('array', opaque)]:
        print(name, array.tobytes().hex())
    """

  let directory: TemporaryDirectory
  let path: FilePath
  /// The bytes of each dataset, as NumPy has them.
  let truth: [String: [UInt8]]

  init() throws {
    directory = try TemporaryDirectory()
    path = directory("x.h5")
    let result = ShellCommand.run(python, "-c", Self.script, path.string)
    try #require(result.status == 0, "\(result.output)")
    truth = Self.bytes(result.output)
  }

  @Test func theirBytesAreOneMoreDimension() throws {
    let contents = try open(path, choices: .raw)
    var shapes: [String: [Int]] = [:]
    for (path, leaf) in contents.tree.leaves where leaf.fault == nil {
      let name = path.description
      let array = try leaf.source.load()
      shapes[name] = array.shape.dimensions
      guard name != "number" else {
        #expect(array.dtype == .int16)
        continue
      }
      #expect(array.dtype == .uint8)
      #expect(Self.bytes(of: array) == truth[name])
    }
    #expect(
      shapes == [
        "pair": [3, 13], "chunks": [30, 5, 13], "opaque": [2, 7], "long": [2, 16], "bits": [3, 2],
        "array": [14], "number": [1],
      ])
    let warnings = contents.warnings.filter { $0.code == .hdf5Raw }
    #expect(warnings.count == 6)
    #expect(
      warnings.first { $0.location.treePath == "opaque" }?.message
        == "has elements that are read as their bytes: each is an opaque value of 7 bytes")
  }

  /// Pointers to texts say nothing by themselves.
  @Test func whatLiesElsewhereStaysUnsupported() throws {
    let faults = try open(path, choices: .raw).tree.leaves.filter { $0.leaf.fault != nil }
    #expect(faults.map(\.path.description) == ["words"])
  }

  @Test func nothingIsReadSoUnasked() throws {
    let contents = try open(path)
    let faults = contents.tree.leaves.compactMap(\.leaf.fault)
    #expect(faults.count == 7 && faults.allSatisfy { $0.kind == .unsupported })
    #expect(!contents.warnings.contains { $0.code == .hdf5Raw })
  }

  /// A fill value is an element: what isn't stored has all of its bytes, which h5py reads as well.
  @Test func fillValuesOfSeveralPartsAreRead() throws {
    let script = """
      import h5py, numpy as np, sys
      with h5py.File(sys.argv[1], 'w') as f:
          for name, kind, value in [('even', 'V3', np.void(b'aaa')), ('uneven', 'V3', np.void(b'abc'))]:
              for written in (0, 3, 4):
                  data = f.create_dataset(name + str(written), (4,), kind, chunks=(2,), fillvalue=value)
                  if written: data[:written] = np.frombuffer(b'uvwxyz123456'[:3 * written], kind)
                  print(data.name[1:], data[()].tobytes().hex())
          f.create_dataset('none', (0,), 'V3', chunks=(2,), maxshape=(None,), fillvalue=np.void(b'abc'))
          text = f.create_dataset('text', (4,), 'S3', chunks=(2,), fillvalue=b'n/a')
          text[0] = b'yes'
      """
    let result = ShellCommand.run(python, "-c", script, path.string)
    try #require(result.status == 0, "\(result.output)")
    let truth = Self.bytes(result.output)
    let tree = try open(path, choices: .raw).tree
    for (name, bytes) in truth {
      guard case .leaf(let leaf)? = tree[TreePath([.key(.string(name))])] else {
        Issue.record("\(name) is missing")
        continue
      }
      let source = try leaf.source
      #expect(try Self.bytes(of: source.load()) == bytes, "\(name)")
      // The last byte of each element alone.
      let box = try #require(
        Shape([4, 1]).flatMap { ArrayBox(offset: [0, 2], shape: $0) })
      let last = try Self.bytes(of: source.source(of: box).load())
      #expect(last == stride(from: 2, to: 12, by: 3).map { bytes[$0] }, "\(name)")
    }
    #expect(truth.count == 6)
    guard case .leaf(let none)? = tree[TreePath([.key("none")])],
      case .value(.stringArray(let text))? = tree[TreePath([.key("text")])]
    else {
      Issue.record("no leaves")
      return
    }
    #expect(try none.source.shape.dimensions == [0, 3])
    #expect(text.elements == .bytes(["yes", "n/a", "n/a", "n/a"].map { Array($0.utf8) }))
  }

  /// The bytes that a script printed: on each line a name and digits.
  private static func bytes(_ output: String) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ")
      let digits = Array(words[1])
      found[String(words[0])] = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
      }
    }
    return found
  }

  private static func bytes(of array: NDArray) -> [UInt8] {
    array.withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
  }
}
