import CoppiceFormat
import CoppiceModel
import Synchronization

/// The blocks of a stored tree: where each lies, and what its bytes must be.
final class StoredBlocks: Sendable {
  let columns: BlockColumns
  let files: BlockFiles
  /// Whether digests are compared.
  let verifies: Bool
  /// Uncoded blocks of which a part was asked for are verified once, as a whole.
  private let verified = Mutex<Set<Int>>([])

  init(_ columns: BlockColumns, files: BlockFiles, verifies: Bool) {
    self.columns = columns
    self.files = files
    self.verifies = verifies
  }

  /// A block of the index.
  subscript(row: Int) -> StoredBlock {
    StoredBlock(
      files: files, file: columns.file[row], offset: columns.offset[row],
      byteCount: columns.size[row], digest: Digest(bits: columns.digest[row]))
  }

  /// Whether the digest of a block has yet to be compared before a part of it is used.
  func mustVerify(_ row: Int) -> Bool { verifies && !verified.withLock { $0.contains(row) } }

  /// Notes that the digest of a block was found to be right.
  func noteVerified(_ row: Int) { verified.withLock { _ = $0.insert(row) } }
}
