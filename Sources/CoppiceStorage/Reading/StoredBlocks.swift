import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import Synchronization

/// The blocks of a data file: their places and their digests.
final class StoredBlocks: Sendable {
  private let columns: BlockColumns
  /// The number of the file.
  let file: Int
  let files: BlockFiles
  /// Whether digests are verified.
  let verifies: Bool
  /// The rows of unencoded blocks that were verified as a whole when a box of them was read.
  private let verified = Mutex<Set<Int>>([])

  init(_ columns: BlockColumns, of file: Int, files: BlockFiles, verifies: Bool) {
    self.columns = columns
    self.file = file
    self.files = files
    self.verifies = verifies
  }

  /// The block of a row of the index.
  subscript(row: Int) -> StoredBlock {
    StoredBlock(
      files: files, file: file, offset: columns.offset[row],
      byteCount: columns.size[row], digest: Digest(bits: columns.digest[row]))
  }

  /// Returns the offset of the first of several blocks, and the number of bytes of all.
  func extent(of rows: Range<Int>) -> (offset: Int, byteCount: Int)? {
    columns.offset[rows].min().map { ($0, columns.size[rows].reduce(0, +)) }
  }

  /// Returns the block of a row for reading together with others.
  func arrayBlock(_ row: Int) -> ArrayBlock {
    ArrayBlock(
      row, of: self, file: file, offset: columns.offset[row], byteCount: columns.size[row])
  }

  /// Returns whether a block must be verified before some of its bytes are used.
  func mustVerify(_ row: Int) -> Bool { verifies && !verified.withLock { $0.contains(row) } }

  /// Records that a block's digest was verified.
  func noteVerified(_ row: Int) { verified.withLock { _ = $0.insert(row) } }
}

extension StoredBlocks: ArrayBlockTable {
  func read(
    at offset: Int, of file: Int, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    try files.file(file).read(at: offset, into: &bytes)
  }

  func check(_ bytes: RawSpan, of row: Int) throws(CoppiceError) {
    if verifies { try self[row].check(Digest(of: bytes)) }
  }
}
