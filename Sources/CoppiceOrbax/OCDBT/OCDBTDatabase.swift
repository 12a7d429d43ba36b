package import CoppiceFiles
package import CoppiceModel
package import CoppiceZarr
import Synchronization

/// A database of TensorStore's OCDBT format, opened for reading its newest version.
///
/// Opening reads the manifest and the root of the tree. Looking up a key descends the tree; listing
/// keys reads the whole tree once, and keeps it.
package struct OCDBTDatabase: KeyValueStore {
  let tree: BTree
  private let directory: DirectoryHandle

  /// The name of the file that makes a directory a database.
  package static let manifestName = "manifest.ocdbt"

  /// Opens the database in a directory that holds `manifest.ocdbt`.
  ///
  /// - Throws: `ocdbt.*`, `compression.*`, `file.*`, `io.*`.
  package init(
    opening directory: DirectoryHandle, limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    self.directory = directory
    var name = Self.manifestName
    var manifest = try Self.readManifest(name, in: directory)
    if manifest.kind == .numbered {
      name = try Self.newestManifest(in: directory)
      manifest = try Self.readManifest(name, in: directory)
      guard manifest.kind == .single else {
        throw CoppiceError(
          .ocdbtMalformed, "a numbered manifest has no versions; the file is damaged",
          at: .init(file: directory.displayName(name)))
      }
    }
    tree = BTree(
      files: OpenFiles(in: directory, namedBy: directory.displayName(name)), manifest: manifest,
      place: directory.displayName(name), limits: limits)
    try tree.checkRoot()
  }

  /// Reads one manifest file.
  private static func readManifest(
    _ name: String, in directory: DirectoryHandle
  ) throws(CoppiceError) -> OCDBTManifest {
    let record = try directory.allBytes(of: name, limit: OCDBTRecord.mostBytes)
    let location = CoppiceError.Location(file: directory.displayName(name))
    // It holds the configuration and at most 2^arity versions: far fewer bytes than a node.
    let body = try OCDBTRecord.body(of: record, .manifest, limit: 16 << 20, at: location)
    return try OCDBTManifest(body, at: location)
  }

  /// Returns the numbered manifest with the highest number: `manifest.` and 16 lower-case hex
  /// digits.
  private static func newestManifest(
    in directory: DirectoryHandle
  ) throws(CoppiceError) -> String {
    let names = try directory.entries().map(\.name).filter { name in
      guard name.hasPrefix("manifest."), name.utf8.count == 25 else { return false }
      return name.utf8.dropFirst(9).allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      }
    }
    // Entries are sorted by their bytes, and so by their numbers.
    guard let newest = names.last else {
      throw CoppiceError(
        .ocdbtMalformed,
        "the manifest says that its versions are in numbered files, but there are none; the checkpoint "
          + "is incomplete",
        at: .init(file: directory.displayName(manifestName)))
    }
    return newest
  }

  package func displayName(of key: StoreKey) -> String {
    directory.displayName(String(printing: key))
  }

  package func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)? {
    try tree.value(of: key)
  }

  package func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey] {
    try tree.keys(under: prefix)
  }
}
