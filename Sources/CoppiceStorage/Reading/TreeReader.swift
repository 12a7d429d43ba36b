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
    let leaf = makeLeaf(stored, document)
    return document.tree.replacingLeaves { .leaf(leaf($0)) }
  }

  /// Reads a tree for loading: what `document` and `leaves` do, in one pass where the document is
  /// spelled as writers spell it.
  ///
  /// - Parameter accept: Given the document, perhaps without its tree, before any file is opened.
  /// - Throws: As they do; what `accept` throws.
  package static func open(
    _ record: FileRecord, in directory: DirectoryHandle, limits: ReadLimits, verifies: Bool,
    accept: (TreeDocument) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let bytes = try StoredDocument.bytes(record, in: directory, limits: limits)
    let file = directory.displayName(record.path)
    if var scan = TreeScan(bytes, limits: limits), scan.document.isSound(file: file) {
      let files = BlockFiles(scan.document.files, in: directory)
      let stored = try StoredTree(
        scan.document, files: files, verifies: verifies, checksPadding: false)
      if let tree = scan.tree(makeLeaf(stored, scan.document)) {
        try accept(scan.document)
        try files.openOthers(than: stored.blocks.columns)
        return tree
      }
    }
    let document = try TreeDocument(parsing: bytes, file: file, limits: limits)
    try accept(document)
    return try leaves(of: document, in: directory, verifies: verifies)
  }

  /// What makes the leaf of an ordinal.
  private static func makeLeaf(
    _ stored: StoredTree, _ document: TreeDocument
  ) -> (Int) -> ArrayLeaf {
    let known = document.leaves.kinds.map { record in
      KnownMetadata(
        ArrayMetadata(
          dtype: record.dtype, shape: record.shape,
          sharding: record.sharding.map { document.shardings[$0] },
          prngImplementation: record.prng))
    }
    // Not the document's: the closure would copy all of it for each leaf.
    let leaves = stored.leaves
    return { ArrayLeaf(StoredArraySource(stored, $0), known[leaves.kind(of: $0)]) }
  }
}

extension TreeDocument {
  /// Whether shards and blocks hold together.
  fileprivate func isSound(file: String) -> Bool {
    do throws(CoppiceError) {
      try StructureCheck(self, file: file).run { (error) throws(CoppiceError) in throw error }
      return true
    } catch {
      return false
    }
  }
}
