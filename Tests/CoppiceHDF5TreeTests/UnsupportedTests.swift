import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceHDF5Tree

/// Objects that no array can represent or that can't be read become leaves with a fault.
struct UnsupportedTests {
  private static let fixtures = Specification.package.appending("fixtures").appending("foreign")

  private func contents(_ name: String) throws -> CheckpointContents {
    let path = Self.fixtures.pushing(FilePath(name))
    return try open(path, worker: BuiltProgram.worker)
  }

  /// The faults of a file by path.
  private func faults(_ contents: CheckpointContents) -> [String: LeafFault] {
    var faults: [String: LeafFault] = [:]
    for (path, leaf) in contents.tree.leaves {
      guard let fault = leaf.fault else { continue }
      #expect(fault.error.location.treePath == path.description)
      faults[path.description] = fault
    }
    return faults
  }

  private static let compound =
    "a compound of 3 members (a, b, c) can't be an array; save each member as a dataset of its own, or set "
    + "`readsRawElements` to get bytes"
  private static let sequence =
    "a sequence of any length can't be an array; save the elements of all sequences as one array, and the "
    + "lengths as another"

  @Test func whatNoArrayCanBeIsNamedInItsPlace() throws {
    let contents = try contents("hdf5/unsupported/input/m.h5")
    let faults = faults(contents)
    #expect(faults.values.allSatisfy { $0.kind == .unsupported })
    #expect(Set(faults.values.map { $0.error.location.file }) == ["m.h5"])
    #expect(
      faults.mapValues { $0.error.message } == [
        "odd/bits": "a bit field of 1 byte can't be an array; set `readsRawElements` to get bytes",
        "odd/link":
          "a link into the file \"other.h5\" can't be an array: other files are never opened",
        "odd/long":
          "a float of 16 bytes with 15 bits of exponent and 64 of mantissa can't be an array; save float64, "
          + "or set `readsRawElements` to get bytes",
        "odd/object": "a reference to an object or a region can't be an array",
        "odd/opaque":
          "an opaque value of 3 bytes can't be an array; h5py stores types so that HDF5 doesn't have, "
          + "bfloat16 among them: an attribute \"dtype\" would say which one it is, or set `readsRawElements` to get bytes",
        "odd/pair": Self.compound,
        "odd/pairs": "an array of which each element is " + Self.compound,
        "odd/region": "a reference to an object or a region can't be an array",
        "odd/same": Self.compound, "odd/twin": Self.compound,
        "odd/vlen":
          "a sequence of any length can't be an array; set `readsSequences` to get lists of arrays, which take memory",
        "odd/words": Self.sequence,
      ])
    let whole = contents.tree.leaves.filter { $0.leaf.fault == nil }.map(\.path.description)
    #expect(whole == ["odd/b", "w", "z"])
    // A named datatype holds no data: it is a warning.
    #expect(contents.warnings.map(\.code.rawValue) == ["hdf5.named-type"])
    #expect(throws: CoppiceError.self) { try contents.whole() }
  }

  @Test(arguments: [
    ("refused-absurd", "hdf5.limit"), ("refused-blosc", "hdf5.unsupported-filter"),
    ("refused-scale-offset", "hdf5.unsupported-filter"),
    ("refused-external-storage", "hdf5.outside"), ("refused-virtual", "hdf5.outside"),
    ("refused-external-link", "hdf5.outside"), ("refused-opaque", "hdf5.unsupported-type"),
  ])
  func datasetsBesideItAreRead(_ name: String, _ code: String) throws {
    let contents = try contents("hdf5/\(name)/input/m.h5")
    let faults = faults(contents)
    #expect(faults.mapValues { $0.error.code.rawValue } == ["x": code])
    #expect(faults["x"]?.kind == .unsupported)
    guard case .leaf(let good)? = contents.tree[TreePath([.key("good")])] else {
      Issue.record("the dataset beside it is missing")
      return
    }
    #expect(try good.source.load().shape.dimensions == [3])
  }

  @Test func whatANewerHDF5WroteIsNamed() throws {
    let contents = try contents("hdf5/newer-version/input/m.h5")
    let faults = faults(contents)
    #expect(faults.values.allSatisfy { $0.kind == .unsupported })
    let attributes = contents.warnings.filter { $0.code == .hdf5Attributes }
    guard !faults.isEmpty else { return }
    #expect(faults.keys.sorted() == ["wave"])
    #expect(attributes.map(\.message) == ["1 attribute is not carried over: step@(unreadable)"])
  }

  @Test func aDamagedDatasetHidesNoOther() throws {
    let contents = try contents("hdf5/damaged-header/input/m.h5")
    let faults = faults(contents)
    #expect(faults.mapValues { $0.kind } == ["b": .damaged])
    #expect(faults["b"]?.error.code.rawValue == "hdf5.invalid")
    for name in ["a", "c"] {
      guard case .leaf(let leaf)? = contents.tree[TreePath([.key(.string(name))])] else {
        Issue.record("\(name) is missing")
        continue
      }
      #expect(try leaf.source.load().shape.dimensions == [3])
    }
  }

  @Test func aVariableOfKerasHidesNoOther() throws {
    let contents = try contents("keras/unsupported/input/m.weights.h5")
    #expect(contents.format == "keras-weights-h5")
    #expect(faults(contents).keys.sorted() == ["layers/dense/vars/1"])
  }

  /// netCDF-4 makes such datasets for record dimensions.
  @Test func dimensionsWithoutRecordsAreEmptyArrays() throws {
    let leaves = try contents("hdf5/empty-record/input/m.h5").tree.leaves
    let shapes = try leaves.map { try $0.leaf.metadata.shape.dimensions }
    #expect(leaves.map(\.path.description) == ["columns", "four", "one", "rows"])
    #expect(shapes == [[2, 0], [0], [0], [0, 3]])
    for (_, leaf) in leaves { #expect(try leaf.source.load().byteCount == 0) }
  }
}
