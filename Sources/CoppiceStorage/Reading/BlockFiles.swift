package import CoppiceFiles
package import CoppiceFormat
import CoppiceHDF5
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

  /// Returns the name of a file by its number, relative to the checkpoint.
  func displayName(_ number: Int) -> String { directory.displayName(DataFile.name(number)) }

  /// Returns the faults of files by number, without opening files that exist with the right size.
  ///
  /// - Throws: `io.*`.
  package func faults() throws(CoppiceError) -> [Int: CoppiceError] {
    var faults: [Int: CoppiceError] = [:]
    for number in records.indices { faults[number] = try fault(of: number) }
    return faults
  }

  /// Returns the fault of a file, without opening one that exists with the right size.
  ///
  /// - Throws: `io.*`.
  func fault(of number: Int) throws(CoppiceError) -> CoppiceError? {
    do throws(CoppiceError) {
      try look(at: number)
      return nil
    } catch {
      guard error.code.isInputFault else { throw error }
      return error
    }
  }

  /// Checks that a file and its index are there and have the right size.
  private func look(at number: Int) throws(CoppiceError) {
    let record = records[number]
    if !directory.holdsFile(DataFile.name(number), byteCount: record.size) { _ = try file(number) }
    if let index = record.index, !directory.holdsFile(index.path, byteCount: index.size) {
      try StoredDocument.checkSize(
        of: try StoredDocument.open(index.path, in: directory), index,
        recorder: StoredDocument.treeDocument)
    }
  }

  /// Returns an open file by its number.
  ///
  /// - Throws: `directory.file-missing`, `arrays.truncated`, `arrays.stale-index`.
  package func file(_ number: Int) throws(CoppiceError) -> InputFile {
    if let file = opened.withLock({ $0[number] }) { return file }
    let file = try Self.open(number, records[number], in: directory, toleratesDamage)
    opened.withLock { $0[number] = file }
    return file
  }

  /// Opens a data file and compares its size with its record.
  ///
  /// - Throws: As `file`.
  static func open(
    _ number: Int, _ record: DataFile, in directory: DirectoryHandle,
    _ toleratesDamage: Bool = false
  ) throws(CoppiceError) -> InputFile {
    let file = try StoredDocument.open(DataFile.name(number), in: directory)
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
    return file
  }

  /// Returns whether a file begins with the signature of HDF5.
  ///
  /// Spec: ARR-26.
  package static func beginsAsHDF5(_ file: InputFile) throws(CoppiceError) -> Bool {
    let signature = CoppiceHDF5.File.signature
    return try file.bytes(at: 0, count: min(signature.count, file.byteCount)) == signature
  }
}
