package import CoppiceFormat
package import CoppiceModel
package import FileAccess

/// Reads one stored tree: the document at once, arrays when asked.
package enum TreeReader {
  /// Opens the tree of a checkpointable's directory.
  ///
  /// - Parameters:
  ///   - record: What the root document says of `tree.json`.
  ///   - verifies: Whether the digests of blocks are checked when they are read.
  /// - Throws: `directory.file-missing`, `metadata.*`, `json.*`, `model.*`, `arrays.*`, `sharding.*`.
  package static func open(
    _ directory: DirectoryHandle, record: FileRecord, verifies: Bool, limits: ReadLimits
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let bytes = try document(record, in: directory, limits: limits)
    let document = try TreeDocument(
      parsing: bytes, file: directory.displayName(record.path), limits: limits)
    return try leaves(of: document, in: directory, verifies: verifies)
  }

  /// Reads a document and checks its size and digest.
  package static func document(
    _ record: FileRecord, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> [UInt8] {
    let name = directory.displayName(record.path)
    let bytes: [UInt8]
    do {
      bytes = try directory.allBytes(of: record.path, limit: limits.documentBytes)
    } catch {
      guard error.code == .fileMissing else { throw error }
      throw CoppiceError(
        .directoryFileMissing, "the file is not there: the copy is incomplete",
        at: .init(file: name))
    }
    guard bytes.count == record.size else {
      throw CoppiceError(
        .metadataSizeMismatch,
        "the document has \(bytes.count) bytes, but the root document says \(record.size)",
        at: .init(file: name))
    }
    let digest = Digest(of: bytes)
    guard digest == record.digest else {
      throw CoppiceError(
        .metadataDigestMismatch,
        "the document was changed or damaged: its digest is \(digest), but the root document says "
          + "\(record.digest)", at: .init(file: name))
    }
    return bytes
  }

  /// The tree of a document with sources for its leaves.
  package static func leaves(
    of document: TreeDocument, in directory: DirectoryHandle, verifies: Bool
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let files = BlockFiles(document.files, in: directory)
    let table = try BlockTable(document.leaves)
    return document.tree.mapLeaves { (_, ordinal) in
      let record = document.leaves[ordinal]
      let blocks = table[ordinal].map { row in
        StoredBlock(
          files: files, file: document.blocks.file[row], offset: document.blocks.offset[row],
          byteCount: document.blocks.size[row], digest: Digest(bits: document.blocks.digest[row]))
      }
      let source = StoredArraySource(record, blocks: blocks, verifies: verifies)
      return ArrayLeaf(
        source, sharding: record.sharding.map { document.shardings[$0] },
        prngImplementation: record.prng)
    }
  }
}
