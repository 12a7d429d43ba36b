package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel

/// A reader of the index documents of a tree's data files.
package enum IndexReader {
  /// Reads the index of a data file and compares it with its record.
  ///
  /// - Parameters:
  ///   - number: The number of the file, above 0.
  ///   - isValidated: Whether to check the canonical form; a caller that loads relies on the digest.
  /// - Throws: `directory.file-missing`, `file.*`, `metadata.*`, `json.*`, `versioning.*`.
  package static func document(
    of number: Int, of document: TreeDocument, in directory: DirectoryHandle, limits: ReadLimits,
    isValidated: Bool = false
  ) throws(CoppiceError) -> IndexDocument {
    guard let record = document.files[number].index else { return IndexDocument(document.index) }
    return try IndexDocument(
      parsing: try StoredDocument.bytes(
        record, in: directory, limits: limits, recorder: StoredDocument.treeDocument),
      file: directory.displayName(record.path), limits: limits, checksForm: isValidated)
  }

  /// Reads the index of a data file, whose blocks fit the tree.
  ///
  /// - Throws: The errors of `document`; `arrays.block-*`.
  package static func index(
    of number: Int, of document: TreeDocument, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> IndexDocument {
    let found = try self.document(of: number, of: document, in: directory, limits: limits)
    let name = directory.displayName(DataFile.indexName(number))
    try StructureCheck(document, found.index, of: number, file: name).run {
      (error) throws(CoppiceError) in throw error
    }
    return found
  }
}
