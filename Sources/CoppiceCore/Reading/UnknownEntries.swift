package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceStorage

/// The search for files and directories that no document of a checkpoint mentions.
///
/// Spec: DIR-14.
package enum UnknownEntries {
  /// Returns the entries of a directory that aren't expected, with names for messages.
  package static func names(
    in directory: DirectoryHandle, expected: Set<[UInt8]>
  ) throws(CoppiceError) -> [String] {
    try directory.entries()
      .filter { !expected.contains(Array($0.name.utf8)) }
      .map { directory.displayName($0.name) }
  }

  /// Returns the entries at any depth of a directory that aren't listed, with names for messages.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - listed: The paths of the listed files, sorted by their bytes.
  package static func names(
    below directory: DirectoryHandle, listed: [String]
  ) throws(CoppiceError) -> [String] {
    var unknown: [String] = []
    var pending = [""]
    while let folder = pending.popLast() {
      let entries = try (folder.isEmpty ? directory : directory.subdirectory(folder)).entries()
      for entry in entries {
        let path = folder.isEmpty ? entry.name : folder + "/" + entry.name
        // The first listed path that doesn't sort before this one: if the path is listed, it is
        // that one.
        let place = listed.partitioningIndex { !$0.utf8.lexicographicallyPrecedes(path.utf8) }
        if place < listed.count, listed[place].utf8.elementsEqual(path.utf8) { continue }
        let below = listed.partitioningIndex {
          !$0.utf8.lexicographicallyPrecedes((path + "/").utf8)
        }
        let isFolder = below < listed.count && listed[below].utf8.starts(with: (path + "/").utf8)
        if isFolder {
          if entry.kind == .directory { pending.append(path) }
        } else {
          unknown.append(directory.displayName(path))
        }
      }
    }
    return unknown
  }

  /// Returns the first unknown entry of a checkpoint; `nil` where its documents mention everything.
  ///
  /// - Throws: The fault of a document that is needed to tell; `io.*`.
  package static func first(
    in checkpoint: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> String? {
    let root = try CheckpointReader.rootDocument(of: checkpoint, limits: limits)
    return try first(
      in: checkpoint, beside: [Array(RootDocument.fileName.utf8)], root.checkpointables, limits)
  }

  private static func first(
    in directory: DirectoryHandle, beside documents: Set<[UInt8]>, _ entries: [NamedEntry],
    _ limits: ReadLimits
  ) throws(CoppiceError) -> String? {
    let folders = entries.map { Array(CheckpointableName.directory(for: $0.name).utf8) }
    if let unknown = try names(in: directory, expected: documents.union(folders)).first {
      return unknown
    }
    for entry in entries {
      guard let inner = try CheckpointableReader.directory(of: entry, in: directory) else {
        continue
      }
      let unknown: String?
      switch entry.entry {
      case .tree(let record):
        let document = try TreeReader.document(record, in: inner, limits: limits)
        let expected = document.fileNames + [record.path]
        unknown = try names(in: inner, expected: Set(expected.map { Array($0.utf8) })).first
      case .json(let record):
        unknown = try names(in: inner, expected: [Array(record.path.utf8)]).first
      case .files(let records):
        unknown = try names(below: inner, listed: records.map(\.path)).first
      case .composite(let entries):
        unknown = try first(in: inner, beside: [], entries, limits)
      }
      if let unknown { return unknown }
    }
    return nil
  }
}
