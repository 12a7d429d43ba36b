import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Data files that lie without the documents of their checkpoint.
struct LoneTreeTests {
  private static let suite = Specification.package.appending("fixtures").appending("1.0")
    .appending("valid").appending("writer")

  /// Copies the data files of a checkpoint's tree.
  private func copy(_ name: String, to directory: TemporaryDirectory) throws {
    let state = try DirectoryHandle(
      opening: Self.suite.appending(name).appending("checkpoint").appending("state"))
    for entry in try state.entries() where entry.name.hasSuffix(".h5") {
      try directory.file(entry.name, try state.allBytes(of: entry.name, limit: 1 << 26))
    }
  }

  @Test(arguments: [
    "packed", "dtypes-packed", "containers", "values", "plain", "sharded", "multi-file",
    "compressed", "pieces",
  ])
  func areOpenedAsTheTreeThatTheyHold(_ name: String) throws {
    let directory = try TemporaryDirectory()
    try copy(name, to: directory)
    let lone = try opened(directory("arrays.h5"))
    #expect(lone.format == "coppice-arrays")
    let whole = try opened(Self.suite.appending(name).appending("checkpoint"))
    let (found, expected) = (try #require(try lone.tree()), try #require(try whole.tree("state")))
    #expect(found.difference(from: expected) == nil)
  }

  @Test func underAnotherNameAreRefusedByName() throws {
    let directory = try TemporaryDirectory()
    try copy("packed", to: directory)
    try OutputDirectory.rename(directory("arrays.h5"), to: directory("other.h5"))
    let error = failure { _ = try opened(directory("other.h5")) }
    #expect(error?.code.rawValue == "hdf5.tree-data")
    #expect(error?.message.contains("arrays.h5") ?? false)
  }
}
