package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel
import Synchronization

/// The data files of a tree for reading: each is opened and its size checked when first needed.
package final class BlockFiles: Sendable {
  private let directory: DirectoryHandle
  private let records: [DataFile]
  private let opened: Mutex<[Int: InputFile]> = Mutex([:])

  /// Whether truncated or changed files are opened nevertheless.
  private let toleratesDamage: Bool

  package init(
    _ records: [DataFile], in directory: DirectoryHandle, toleratesDamage: Bool = false
  ) {
    self.records = records
    self.directory = directory
    self.toleratesDamage = toleratesDamage
  }

  /// Returns the faults of files by number, without opening files that exist with the right size.
  ///
  /// - Throws: `io.*`.
  package func faults() throws(CoppiceError) -> [Int: CoppiceError] {
    var faults: [Int: CoppiceError] = [:]
    for number in records.indices {
      do throws(CoppiceError) {
        try look(at: number)
      } catch {
        guard error.code.isInputFault else { throw error }
        faults[number] = error
      }
    }
    return faults
  }

  /// Checks that a file and its index are there and have the right size.
  private func look(at number: Int) throws(CoppiceError) {
    let record = records[number]
    if !directory.holdsFile(DataFile.name(number), byteCount: record.size) { _ = try file(number) }
    if let index = record.index, !directory.holdsFile(index.path, byteCount: index.size) {
      try StoredDocument.checkSize(of: try StoredDocument.open(index, in: directory), index)
    }
  }

  /// Returns an open file by its number.
  ///
  /// - Throws: `directory.file-missing`, `arrays.truncated`, `arrays.stale-index`.
  package func file(_ number: Int) throws(CoppiceError) -> InputFile {
    if let file = opened.withLock({ $0[number] }) { return file }
    let record = records[number]
    let file: InputFile
    do {
      file = try directory.open(DataFile.name(number))
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
    opened.withLock { $0[number] = file }
    return file
  }
}
