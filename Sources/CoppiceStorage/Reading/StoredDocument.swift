package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel

/// Reading of the documents whose size and digest the root document records.
package enum StoredDocument {
  /// Reads a document's bytes and compares them with their record.
  ///
  /// Spec: MET-22, VAL-8.
  ///
  /// - Throws: `directory.file-missing`, `file.*`, `metadata.size-mismatch`,
  ///   `metadata.digest-mismatch`.
  package static func bytes(
    _ record: FileRecord, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> [UInt8] {
    let file = try open(record.path, in: directory)
    guard file.byteCount <= limits.documentBytes else {
      throw CoppiceError(
        .fileTooLarge,
        "the document has \(file.byteCount) bytes; at most \(limits.documentBytes) are read",
        at: .init(file: file.name))
    }
    try checkSize(of: file, record)
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    let digest = Digest(of: bytes)
    guard digest == record.digest else {
      throw CoppiceError(
        .metadataDigestMismatch,
        "the document was changed or damaged: its digest is \(digest), but the root document says "
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
    of file: InputFile, _ record: FileRecord
  ) throws(CoppiceError) {
    guard file.byteCount == record.size else {
      throw CoppiceError(
        .metadataSizeMismatch,
        "the file has \(file.byteCount) bytes, but the root document says \(record.size)",
        at: .init(file: file.name))
    }
  }
}
