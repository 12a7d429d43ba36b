package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel
import Synchronization

/// The data files of a tree for reading: each is opened and its size checked when first needed.
package final class BlockFiles: Sendable {
  private let directory: DirectoryHandle
  private let records: [ArraysFile]
  private let opened: Mutex<[InputFile?]>

  /// Whether truncated or changed files are opened nevertheless.
  private let toleratesDamage: Bool

  package init(
    _ records: [ArraysFile], in directory: DirectoryHandle, toleratesDamage: Bool = false
  ) {
    self.records = records
    self.directory = directory
    self.toleratesDamage = toleratesDamage
    opened = Mutex(Array(repeating: nil, count: records.count))
  }

  /// Returns the faults of files by index, without opening files that exist with the right size.
  ///
  /// - Throws: `io.*`.
  package func faults() throws(CoppiceError) -> [Int: CoppiceError] {
    var faults: [Int: CoppiceError] = [:]
    for (index, record) in records.enumerated()
    where !directory.holdsFile(record.name, byteCount: record.size) {
      do throws(CoppiceError) {
        _ = try file(index)
      } catch {
        guard error.code.isInputFault else { throw error }
        faults[index] = error
      }
    }
    return faults
  }

  /// Returns an open file by its index.
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
    guard file.byteCount >= record.size || toleratesDamage else {
      throw CoppiceError(
        .arraysTruncated,
        "the file has \(file.byteCount) bytes, but \(record.size) were written: the copy is incomplete",
        at: .init(file: file.name))
    }
    guard file.byteCount == record.size || toleratesDamage else {
      throw CoppiceError(
        .arraysStaleIndex,
        "the file has \(file.byteCount) bytes, but the index was made for \(record.size): "
          + "it was changed after it was saved", at: .init(file: file.name))
    }
    opened.withLock { $0[index] = file }
    return file
  }
}
