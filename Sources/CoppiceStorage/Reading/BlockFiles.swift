package import CoppiceFormat
package import CoppiceModel
package import FileAccess
import Synchronization

/// The HDF5 files of a tree as a reader sees them: opened when first needed, their size checked.
package final class BlockFiles: Sendable {
  private let directory: DirectoryHandle
  private let records: [ArraysFile]
  private let opened: Mutex<[InputFile?]>

  package init(_ records: [ArraysFile], in directory: DirectoryHandle) {
    self.records = records
    self.directory = directory
    opened = Mutex(Array(repeating: nil, count: records.count))
  }

  /// Opens each file in which none of these blocks lies: reading the blocks never would.
  ///
  /// Spec: DIR-13, ARR-22, VAL-6.
  package func openOthers(than blocks: BlockColumns) throws(CoppiceError) {
    var holdsBlocks = Array(repeating: false, count: records.count)
    for index in blocks.file { holdsBlocks[index] = true }
    for index in records.indices where !holdsBlocks[index] { _ = try file(index) }
  }

  /// A file by its index.
  ///
  /// - Throws: `directory.file-missing`, `arrays.truncated`, `arrays.stale-index`.
  package func file(_ index: Int) throws(CoppiceError) -> InputFile {
    if let file = opened.withLock({ $0[index] }) { return file }
    let record = records[index]
    let file: InputFile
    do {
      file = try directory.open(record.name)
    } catch {
      guard error.code == .fileMissing else { throw error }
      throw CoppiceError(
        .directoryFileMissing, "the file is not there: the copy is incomplete", at: error.location)
    }
    guard file.byteCount >= record.size else {
      throw CoppiceError(
        .arraysTruncated,
        "the file has \(file.byteCount) bytes, but \(record.size) were written: the copy is incomplete",
        at: .init(file: file.name))
    }
    guard file.byteCount == record.size else {
      throw CoppiceError(
        .arraysStaleIndex,
        "the file has \(file.byteCount) bytes, but the index was made for \(record.size): "
          + "it was changed after it was saved", at: .init(file: file.name))
    }
    opened.withLock { $0[index] = file }
    return file
  }
}
