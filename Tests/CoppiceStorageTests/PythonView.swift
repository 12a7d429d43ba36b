import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The view that h5py, a second reader, has of an HDF5 file.
struct PythonView {
  /// A dataset, or a row of the index of packed leaves.
  struct Entry {
    var dtype: String
    var shape: [Int]
    var layout: String
    var masks: [Int]
    var bytes: [UInt8]
  }

  /// The datasets by the bytes of their paths.
  private(set) var datasets: [[UInt8]: Entry] = [:]
  /// The packed leaves by the bytes of their paths.
  private(set) var packed: [[UInt8]: Entry] = [:]

  private static let python = Specification.package.appending(".venv").appending("bin")
    .appending("python").string

  /// Whether Python and h5py are there: `make venv` installs them.
  static let isThere = ShellCommand.run(python, "-c", "import h5py, hdf5plugin").status == 0

  /// Looks into the first file of a tree.
  init(of sample: Sample) throws {
    let script = Specification.package.appending("Tests").appending("CoppiceStorageTests")
      .appending("view.py")
    let result = ShellCommand.run(Self.python, script.string, sample.file("arrays.h5").string)
    withExtendedLifetime(sample) {}
    try #require(result.status == 0, "\(result.output)")
    for line in result.output.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      try #require(fields.count == 7, "\(line)")
      let entry = Entry(
        dtype: fields[2], shape: Self.numbers(fields[3]), layout: fields[4],
        masks: Self.numbers(fields[5]), bytes: Self.bytes(fields[6]))
      if fields[0] == "at" {
        datasets[Self.bytes(fields[1])] = entry
      } else {
        packed[Self.bytes(fields[1])] = entry
      }
    }
  }

  /// The dataset at the path of a leaf.
  subscript(path: String) -> Entry? { datasets[Array(path.utf8)] }

  private static func numbers(_ text: String) -> [Int] {
    text.split(separator: ",").compactMap { Int($0) }
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }
}
