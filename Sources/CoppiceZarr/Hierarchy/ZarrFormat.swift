package import CoppiceFiles
package import CoppiceModel
import CoppiceZip

/// The reader of hierarchies of zarr 2 and 3: groups and arrays in a directory or a zip archive.
package enum ZarrFormat {
  /// The name of the format in the list of readers.
  package static let name = "zarr"

  /// Documents of Orbax, which keeps arrays of zarr in its items: one may be at an item's root.
  private static let documentsOfOrbax = [
    "_METADATA", "_CHECKPOINT_METADATA", "orbax.checkpoint", "manifest.ocdbt", "checkpoint",
  ]

  /// Returns whether a directory has the metadata document of a root, and is no checkpoint of Orbax.
  package static func recognizes(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    for name in ZarrDocuments.rootNames where try directory.hasFile(name) {
      for other in documentsOfOrbax where try directory.hasFile(other) { return false }
      return true
    }
    return false
  }

  /// Returns whether a directory without documents holds a group, which Orbax never writes: the
  /// directory is a store that has lost its root's document, or one around several stores.
  package static func holdsGroup(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    for name in rootNamesAndOrbaxs where try directory.hasFile(name) { return false }
    let names = try directory.entries().filter { $0.kind == .directory }.prefix(mostLooks)
    for name in names.map(\.name) {
      if try directory.hasFile(name + "/.zgroup") { return true }
      guard try directory.hasFile(name + "/zarr.json"),
        let node = try? ZarrDocuments(
          DirectoryStore(try directory.subdirectory(name)), limits: .standard
        ).node("")
      else { continue }
      if node.kind == .group { return true }
    }
    return false
  }

  /// The most subdirectories that are examined.
  private static let mostLooks = 32
  private static let rootNamesAndOrbaxs = ZarrDocuments.rootNames + documentsOfOrbax

  /// Opens the hierarchy in a directory, without reading elements other than texts.
  ///
  /// - Throws: `zarr.*`, `json.*`, `io.*`; `compression.*` for texts.
  package static func open(
    _ directory: DirectoryHandle, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    try open(DirectoryStore(directory), limits: limits)
  }

  /// Opens the hierarchy in a zip archive; `nil` when the file is none, or has none.
  ///
  /// - Throws: `zip.*` for a file named as an archive that can't be read; as for directories.
  package static func open(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents? {
    guard try ZipArchive.recognizes(file) else { return nil }
    let store: ZipStore
    do throws(CoppiceError) {
      store = try ZipStore(file, name: file.name, limits: limits)
    } catch {
      if file.name.lowercased().hasSuffix(".zip") { throw error }
      return nil
    }
    guard ZarrDocuments.rootNames.contains(where: { store.hasValue(of: Array($0.utf8)) }) else {
      return nil
    }
    return try open(store, limits: limits)
  }

  private static func open(
    _ store: any KeyValueStore, limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    let documents = try ZarrDocuments(store, limits: limits)
    var builder = ZarrTreeBuilder(documents, limits: limits)
    guard let tree = try builder.tree() else {
      throw CoppiceError(
        .zarrMissingMetadata,
        "the root has no document of a group or an array; the store is incomplete, so copy it again"
      )
    }
    // A root that is damaged leaves nothing to list.
    if case .leaf(let leaf) = tree, let fault = leaf.fault, fault.kind == .damaged {
      throw fault.error
    }
    var contents = CheckpointContents(
      format: documents.isVersion3 ? "zarr-v3" : "zarr-v2", root: .unnamed(.tree(tree)))
    contents.custom = builder.rootAttributes
    contents.warnings = builder.warnings
    return contents
  }

  /// Returns the path of an entry that is no part of the hierarchy; `nil` where there is none.
  package static func stranger(
    in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> String? {
    let documents = try ZarrDocuments(DirectoryStore(directory), limits: limits)
    return try stranger("", in: directory, documents, depth: limits.depth)
  }

  private static func stranger(
    _ path: String, in directory: DirectoryHandle, _ documents: ZarrDocuments, depth: Int
  ) throws(CoppiceError) -> String? {
    guard depth > 0, let node = try documents.node(path) else { return path.isEmpty ? "." : path }
    for entry in try directory.entries() {
      let name = path.isEmpty ? entry.name : path + "/" + entry.name
      if entry.kind == .file, documentNames.contains(entry.name) { continue }
      switch node.kind {
      case .group:
        guard entry.kind == .directory, try !documents.store.leadsBack(name) else { return name }
        let found = try stranger(
          name, in: try directory.subdirectory(entry.name), documents, depth: depth - 1)
        if let found { return found }
      case .array:
        guard isChunk(entry.name) else { return name }
        guard entry.kind == .directory else { continue }
        let files = try directory.subdirectory(entry.name).allFiles()
        if let found = files.first(where: { !isChunk($0) }) { return name + "/" + found }
      }
    }
    return nil
  }

  private static let documentNames = ZarrDocuments.rootNames + [".zattrs"]

  /// Returns whether a name consists of numbers, as the keys of chunks do.
  private static func isChunk(_ name: String) -> Bool {
    name.utf8.allSatisfy { (0x2E...0x39).contains($0) || $0 == 0x63 }
  }
}
