import CoppiceJSON
import CoppiceModel

/// A reader of the root document's records of checkpointables, including the items of composites.
///
/// Spec: MET-21 to MET-23.
package struct EntryReader {
  let unknown: UnknownMembers

  /// The limit on nested composites.
  ///
  /// Spec: MOD-20.
  package static let maximumDepth = 8

  /// Reads an object of entries.
  ///
  /// - Parameter depth: The number of composites around it.
  func read(_ node: JSONNode, depth: Int = 0) throws(CoppiceError) -> [NamedEntry] {
    var entries: [NamedEntry] = []
    for (name, value) in try node.requireObject() {
      if let fault = CheckpointableName.fault(in: name, isTopLevel: depth == 0) {
        throw value.error(fault.code, fault.message)
      }
      entries.append(NamedEntry(name, try entry(value, depth: depth)))
    }
    return entries
  }

  private func entry(_ node: JSONNode, depth: Int) throws(CoppiceError) -> CheckpointableEntry {
    var reader = try JSONObjectReader(node)
    let kind = try reader.required("kind")
    let entry: CheckpointableEntry
    switch try kind.string() {
    case "tree":
      let path = CheckpointableEntry.treeFileName
      entry = .tree(try FileRecord(try reader.required("document"), path: path, unknown: unknown))
    case "json":
      let path = CheckpointableEntry.jsonFileName
      entry = .json(try FileRecord(try reader.required("document"), path: path, unknown: unknown))
    case "files":
      entry = .files(try files(try reader.required("files")))
    case "composite":
      guard depth < Self.maximumDepth else {
        throw node.error(
          .metadataTooDeep, "composites are nested deeper than \(Self.maximumDepth) levels")
      }
      entry = .composite(try read(try reader.required("items"), depth: depth + 1))
    case let other:
      throw kind.error(
        .metadataUnknownKind, "\"\(other)\" is no kind of checkpointable that this version knows")
    }
    try unknown.check(reader)
    return entry
  }

  private func files(_ node: JSONNode) throws(CoppiceError) -> [FileRecord] {
    var files: [FileRecord] = []
    for element in try node.array() {
      let record = try FileRecord(element, path: nil, unknown: unknown)
      // Strictly ascending: sorted and without duplicates.
      guard files.last.map({ $0.path.utf8.lexicographicallyPrecedes(record.path.utf8) }) ?? true
      else {
        throw element.error(
          .directoryBadPath, "the files aren't sorted by path, or one is there twice")
      }
      files.append(record)
    }
    do {
      try ListedPath.check(files.map(\.path))
    } catch {
      throw node.error(error.code, error.message)
    }
    return files
  }

}

extension FileRecord {
  /// Reads size and digest of a file.
  ///
  /// Spec: MET-22, MET-23.
  ///
  /// - Parameter path: The path of the file; `nil` where the node has it.
  init(_ node: JSONNode, path: String?, unknown: UnknownMembers) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let digest = try reader.required("digest").hex64()
    let name = if let path { path } else { try reader.required("path").string() }
    let size = try reader.required("size").nonNegativeInt()
    try unknown.check(reader)
    self.init(path: name, size: size, digest: Digest(bits: digest))
  }
}
