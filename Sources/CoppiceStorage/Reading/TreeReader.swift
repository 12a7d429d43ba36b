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
  ///   - checksPadding: Whether chunks are checked for bytes beyond their boxes.
  package static func leaves(
    of document: TreeDocument, in directory: DirectoryHandle, options: TreeReadOptions,
    checksPadding: Bool = false
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let files = BlockFiles(
      document.files, in: directory, toleratesDamage: options.toleratesFiles)
    let stored = try StoredTree(
      document, files: files, verifies: options.verifiesDigests, checksPadding: checksPadding)
    let leaf = try makeLeaf(stored, document, options)
    return document.tree.replacingLeaves { .leaf(leaf($0)) }
  }

  /// Reads a tree for loading, in one pass where the document has this version's spelling.
  ///
  /// The result is that of `document` and `leaves`. A leaf whose file is missing or has another
  /// size becomes a leaf with a fault.
  ///
  /// - Parameter accept: Receives the document, possibly without its tree, and may throw to refuse
  ///   it.
  /// - Returns: The tree, and the fault of a file without blocks, which reading leaves would never
  ///   find.
  /// - Throws: The errors of `document` and of `accept`.
  package static func open(
    _ record: FileRecord, in directory: DirectoryHandle, options: TreeReadOptions,
    accept: (TreeDocument) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> (tree: Tree<ArrayLeaf>, fault: CoppiceError?) {
    let limits = options.limits
    let bytes = try StoredDocument.bytes(record, in: directory, limits: limits)
    let file = directory.displayName(record.path)
    if var scan = TreeScan(bytes, limits: limits), scan.document.isSound(file: file) {
      let files = BlockFiles(
        scan.document.files, in: directory, toleratesDamage: options.toleratesFiles)
      let stored = try StoredTree(
        scan.document, files: files, verifies: options.verifiesDigests, checksPadding: false)
      if let tree = scan.tree(try makeLeaf(stored, scan.document, options)) {
        try accept(scan.document)
        return (tree, try fault(of: files, scan.document))
      }
    }
    let document = try TreeDocument(parsing: bytes, file: file, limits: limits)
    try accept(document)
    return (
      try leaves(of: document, in: directory, options: options),
      try fault(of: BlockFiles(document.files, in: directory), document)
    )
  }

  /// Returns the fault of a file in which no block lies.
  ///
  /// Spec: DIR-13, ARR-22, VAL-6.
  private static func fault(
    of files: BlockFiles, _ document: TreeDocument
  ) throws(CoppiceError) -> CoppiceError? {
    let faults = try files.faults()
    guard !faults.isEmpty else { return nil }
    let holding = Set(document.blocks.file)
    return faults.sorted { $0.key < $1.key }.first { !holding.contains($0.key) }?.value
  }

  /// Returns a closure that makes the leaf of an ordinal.
  private static func makeLeaf(
    _ stored: StoredTree, _ document: TreeDocument, _ options: TreeReadOptions
  ) throws(CoppiceError) -> (Int) -> ArrayLeaf {
    let faults = try stored.blocks.files.faults()
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
      return ArrayLeaf(
        LeafFault(.damaged, fault), metadata: known[leaves.kind(of: ordinal)].metadata)
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
