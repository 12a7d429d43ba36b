package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel

/// A reader of stored trees: the document at once, arrays on demand.
package enum TreeReader {
  /// Reads a tree's document and checks it against its record in the root document.
  ///
  /// - Parameter isValidated: Whether to check the canonical form instead of the structure. A
  ///   caller that loads relies on the digest for the form, and validation checks the structure
  ///   itself.
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

  /// Returns the tree of a document, each leaf with its source.
  ///
  /// - Parameters:
  ///   - document: A document whose structure has been checked.
  ///   - indexes: The index of each data file where they are known and checked; otherwise they are
  ///     read when they are needed.
  ///   - checksPadding: Whether chunks are checked for bytes beyond their boxes.
  package static func leaves(
    of document: TreeDocument, indexes: [FileIndex?] = [], in directory: DirectoryHandle,
    options: TreeReadOptions, checksPadding: Bool = false
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let stored = try StoredTree(
      document, indexes: indexes, in: directory, options: options, checksPadding: checksPadding)
    return try leaves(of: document, stored, options)
  }

  private static func leaves(
    of document: TreeDocument, _ stored: StoredTree, _ options: TreeReadOptions
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let leaf = try makeLeaf(stored, document, options)
    return document.tree.replacingLeaves { .leaf(leaf($0)) }
  }

  /// Reads a tree for loading, in one pass where the document has this version's spelling.
  ///
  /// The result is that of `document` and `leaves`. A leaf of which a file is missing or has another
  /// size becomes a leaf with a fault, of which the boxes in other files can be read.
  ///
  /// - Parameter accept: Receives the document, possibly without its tree, and may throw to refuse
  ///   it.
  /// - Returns: The tree, and the fault of a file without blocks, which reading leaves would never
  ///   find; and the warnings about what has been read of it since.
  /// - Throws: The errors of `document` and of `accept`.
  package static func open(
    _ record: FileRecord, in directory: DirectoryHandle, options: TreeReadOptions,
    accept: (TreeDocument) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> (
    tree: Tree<ArrayLeaf>, fault: CoppiceError?, warnings: @Sendable () -> [CoppiceError]
  ) {
    let limits = options.limits
    let bytes = try StoredDocument.bytes(record, in: directory, limits: limits)
    let file = directory.displayName(record.path)
    if var scan = TreeScan(bytes, limits: limits), scan.document.isSound(file: file) {
      let stored = try StoredTree(
        scan.document, in: directory, options: options)
      if let tree = scan.tree(try makeLeaf(stored, scan.document, options)) {
        try accept(scan.document)
        return (tree, try fault(of: stored), { stored.warnings })
      }
    }
    let document = try TreeDocument(parsing: bytes, file: file, limits: limits)
    try accept(document)
    let stored = try StoredTree(document, in: directory, options: options)
    return (
      try leaves(of: document, stored, options), try fault(of: stored), { stored.warnings }
    )
  }

  /// Returns the fault of `arrays.h5` if no block lies in it; a block lies in any other file.
  ///
  /// Spec: DIR-13, ARR-22, VAL-6.
  private static func fault(of stored: StoredTree) throws(CoppiceError) -> CoppiceError? {
    stored.isFirstFileEmpty ? try stored.files.fault(of: 0) : nil
  }

  /// Returns a closure that makes the leaf of an ordinal.
  private static func makeLeaf(
    _ stored: StoredTree, _ document: TreeDocument, _ options: TreeReadOptions
  ) throws(CoppiceError) -> (Int) -> ArrayLeaf {
    let faults = options.looksAtAllFiles ? try stored.files.faults() : [:]
    let known = document.leaves.kinds.map { record in
      KnownMetadata(
        ArrayMetadata(
          dtype: record.dtype, shape: record.shape,
          sharding: record.sharding.map { document.shardings[$0] },
          prngImplementation: record.prng))
    }
    // Captured instead of `document`: the closure would copy the whole document for each leaf.
    let leaves = stored.leaves
    let leaf = { ArrayLeaf(StoredArraySource(stored, $0), known[leaves.kind(of: $0)]) }
    guard !faults.isEmpty else { return leaf }
    return { ordinal in
      guard let fault = stored.fault(of: ordinal, among: faults) else { return leaf(ordinal) }
      // Boxes that lie in other files can be read.
      return ArrayLeaf(
        StoredArraySource(stored, ordinal), LeafFault(.damaged, fault),
        metadata: known[leaves.kind(of: ordinal)].metadata)
    }
  }
}

extension TreeDocument {
  /// Returns whether shards and blocks are consistent.
  fileprivate func isSound(file: String) -> Bool {
    do throws(CoppiceError) {
      try StructureCheck(self, file: file).run { (error) throws(CoppiceError) in throw error }
      return true
    } catch {
      return false
    }
  }
}
