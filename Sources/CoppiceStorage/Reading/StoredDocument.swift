package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel

/// Reading of the documents whose size and digest another document records: the root document, or
/// the tree document for indexes.
package enum StoredDocument {
  package static let rootDocument = "the root document"
  static let treeDocument = "the tree document"

  /// Reads a document's bytes and compares them with their record.
  ///
  /// - Parameter recorder: The words for the document that has the record.
  /// Spec: MET-22, VAL-8.
  ///
  /// - Throws: `directory.file-missing`, `file.*`, `metadata.size-mismatch`,
  ///   `metadata.digest-mismatch`.
  package static func bytes(
    _ record: FileRecord, in directory: DirectoryHandle, limits: ReadLimits,
    recorder: String = rootDocument
  ) throws(CoppiceError) -> [UInt8] {
    let file = try open(record.path, in: directory)
    guard file.byteCount <= limits.documentBytes else {
      throw CoppiceError(
        .fileTooLarge,
        "the document has \(file.byteCount) bytes; at most \(limits.documentBytes) are read",
        at: .init(file: file.name))
    }
    try checkSize(of: file, record, recorder: recorder)
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    let digest = Digest(of: bytes)
    guard digest == record.digest else {
      throw CoppiceError(
        .metadataDigestMismatch,
        "the document was changed or damaged: its digest is \(digest), but \(recorder) says "
          + "\(record.digest)", at: .init(file: file.name))
    }
    return bytes
  }

  /// Opens a file that a document names.
  ///
  /// - Throws: `directory.file-missing`, `file.*`.
  package static func open(
    _ path: String, in directory: DirectoryHandle
  ) throws(CoppiceError) -> InputFile {
    do {
      return try directory.open(path)
    } catch {
      guard error.code == .fileMissing else { throw error }
      throw CoppiceError(
        .directoryFileMissing, "the file is not there: the copy is incomplete", at: error.location)
    }
  }

  /// Compares a file's size with its record.
  ///
  /// - Throws: `metadata.size-mismatch`.
  package static func checkSize(
    of file: InputFile, _ record: FileRecord, recorder: String = rootDocument
  ) throws(CoppiceError) {
    guard file.byteCount == record.size else {
      throw CoppiceError(
        .metadataSizeMismatch,
        "the file has \(file.byteCount) bytes, but \(recorder) says \(record.size)",
        at: .init(file: file.name))
    }
  }
}
