package import CoppiceFormat
package import CoppiceModel
package import FileAccess

/// Reads one stored tree: the document at once, arrays when asked.
package enum TreeReader {
  /// Reads a tree's document, and checks it against what the root document says of it.
  ///
  /// - Parameter isValidated: Whether the form of the document is checked instead of its structure:
  ///   a reader that loads leaves the form to the digest, and validation does the structure itself.
  /// - Throws: `directory.file-missing`, `file.*`, `metadata.*`, `json.*`, `versioning.*`, `model.*`,
  ///   `arrays.*`, `sharding.*`.
  package static func document(
    _ record: FileRecord, in directory: DirectoryHandle, limits: ReadLimits,
    isValidated: Bool = false
  ) throws(CoppiceError) -> TreeDocument {
    try TreeDocument(
      parsing: try StoredDocument.bytes(record, in: directory, limits: limits),
      file: directory.displayName(record.path), limits: limits, checksForm: isValidated,
      checksStructure: !isValidated)
  }

  /// The tree of a document with sources for its leaves.
  ///
  /// - Parameters:
  ///   - document: One whose structure was checked.
  ///   - verifies: Whether the digests of blocks are checked when they are read.
  ///   - checksPadding: Whether chunks are checked for bytes outside of their boxes.
  /// - Throws: `directory.file-missing`, `arrays.truncated`, `arrays.stale-index` for a file without
  ///   blocks; all others are opened when they are read.
  package static func leaves(
    of document: TreeDocument, in directory: DirectoryHandle, verifies: Bool,
    checksPadding: Bool = false
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let files = BlockFiles(document.files, in: directory)
    try files.openOthers(than: document.blocks)
    let stored = try StoredTree(
      document, files: files, verifies: verifies, checksPadding: checksPadding)
    return document.tree.replacingLeaves { ordinal in
      let record = document.leaves[ordinal]
      return .leaf(
        ArrayLeaf(
          StoredArraySource(stored, ordinal),
          sharding: record.sharding.map { document.shardings[$0] },
          prngImplementation: record.prng))
    }
  }
}
