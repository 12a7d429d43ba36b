import Coppice
import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import SystemPackage

extension WriterFixtures {
  /// Writes all cases to a temporary directory and compares them with the suite's.
  ///
  /// Files are compared byte for byte under the recorded library versions; under others, the
  /// contents and the uncompressed blocks are compared.
  ///
  /// - Returns: The differences, one line each.
  /// - Throws: `io.*`, `usage.fixtures`.
  package func verify() throws(CoppiceError) -> [String] {
    let path = directory.appending(LibraryVersions.fileName)
    guard let recorded = LibraryVersions(try JSON.document(at: path)) else {
      throw CoppiceError(
        .usageFixtures, "the versions of the libraries are not recorded",
        at: .init(file: path.string))
    }
    return try verify(bytewise: recorded == .current)
  }

  /// Compares files byte for byte, or only the contents of the checkpoints.
  package func verify(bytewise: Bool) throws(CoppiceError) -> [String] {
    let scratch = FilePath("/tmp").appending("coppice-fixtures-\(UInt64.random(in: .min ... .max))")
    try OutputDirectory.create(scratch)
    defer { try? OutputDirectory.remove(scratch) }
    var differences: [String] = []
    for fixture in Self.cases {
      let made = scratch.appending(fixture.name)
      let kept = directory.appending(fixture.name).appending("checkpoint")
      try fixture.write(to: made)
      let found =
        bytewise ? try Self.compareFiles(kept, made) : try Self.compareContents(kept, made)
      differences += found.map { "\(fixture.id): \($0)" }
    }
    return differences
  }

  private static func compareFiles(
    _ kept: FilePath, _ made: FilePath
  ) throws(CoppiceError) -> [String] {
    let old = try DirectoryHandle(opening: kept)
    let new = try DirectoryHandle(opening: made)
    let oldNames = try old.allFiles()
    let newNames = try new.allFiles()
    guard oldNames.map({ Array($0.utf8) }) == newNames.map({ Array($0.utf8) }) else {
      return ["the list of files differs from what is written now"]
    }
    var differences: [String] = []
    for name in oldNames {
      let left = try FileDigest.sha256(of: try old.open(name))
      let right = try FileDigest.sha256(of: try new.open(name))
      if left != right { differences.append("\(name) differs from what is written now") }
    }
    return differences
  }

  private static func compareContents(
    _ kept: FilePath, _ made: FilePath
  ) throws(CoppiceError) -> [String] {
    let old = try DumpBuilder().describe(try CheckpointOpener.open(kept))
    let new = try DumpBuilder().describe(try CheckpointOpener.open(made))
    var differences = DumpComparison.differences(expected: old, observed: new)
    let handle = try DirectoryHandle(opening: kept)
    for name in try handle.allFiles() where name.hasSuffix("/tree.json") {
      let left = try plainDigests(handle, name)
      let right = try plainDigests(try DirectoryHandle(opening: made), name)
      if left != right { differences.append("\(name): the uncompressed blocks differ") }
    }
    return differences
  }

  /// Returns the digests of the uncompressed blocks of each leaf.
  private static func plainDigests(
    _ directory: DirectoryHandle, _ name: String
  ) throws(CoppiceError) -> [[UInt64]] {
    let limits = ReadLimits.standard
    let bytes = try directory.allBytes(of: name, limit: limits.documentBytes)
    let document = try TreeDocument(parsing: bytes, file: name, limits: limits)
    let folder = name.dropLast(CheckpointableEntry.treeFileName.count)
    var digests = document.leaves.map { _ in [UInt64]() }
    for number in document.files.indices {
      var index = document.index
      if let record = document.files[number].index {
        let bytes = try directory.allBytes(of: folder + record.path, limit: limits.documentBytes)
        index = try IndexDocument(parsing: bytes, file: record.path, limits: limits).index
      }
      let table = try BlockTable(document, file: number)
      for (ordinal, leaf) in document.leaves.enumerated() {
        if case .chunked = leaf.storage { continue }
        digests[ordinal] += index.blocks.digest[table[ordinal]]
      }
    }
    return digests
  }
}
