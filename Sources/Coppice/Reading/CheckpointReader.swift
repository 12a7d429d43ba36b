package import CoppiceFormat
package import CoppiceModel
import CoppiceStorage
package import FileAccess
import StrictJSON
import SystemPackage

/// Reads checkpoints of this format: documents at once, arrays when asked.
package enum CheckpointReader {
  /// The format's name as the tool prints it.
  package static let formatName = "coppice"

  /// The file that makes a directory a checkpoint.
  package static let documentName = RootDocument.fileName

  /// The file that makes a directory a tree of a checkpoint.
  package static let treeDocumentName = CheckpointableEntry.treeFileName

  /// Opens a checkpoint.
  ///
  /// - Throws: `directory.*`, `metadata.*`, `versioning.*`, `json.*`, `model.*`, `arrays.*`,
  ///   `sharding.*`, `io.*`.
  package static func open(
    _ directory: DirectoryHandle, options: ReadOptions = ReadOptions()
  ) throws(CoppiceError) -> CheckpointContents {
    let document = try rootDocument(of: directory, limits: options.limits)
    var contents = CheckpointContents(format: formatName, root: .named([]))
    contents.step = document.step
    contents.metrics = document.metrics
    contents.custom = document.custom
    contents.initTime = document.initTime?.nanoseconds
    contents.commitTime = document.commitTime?.nanoseconds
    contents.root = .named(
      try items(document.checkpointables, in: directory, options, &contents.warnings))
    return contents
  }

  /// Reads `coppice.json`.
  package static func rootDocument(
    of directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> RootDocument {
    let bytes: [UInt8]
    do {
      bytes = try directory.allBytes(of: RootDocument.fileName, limit: limits.documentBytes)
    } catch {
      guard error.code == .fileMissing else { throw error }
      throw CoppiceError(
        .directoryNoRootDocument,
        "there is no \(RootDocument.fileName): this is no checkpoint, or one that was never finished",
        at: .init(file: directory.path.string))
    }
    return try RootDocument(parsing: bytes, limits: limits)
  }

  private static func items(
    _ entries: [NamedEntry], in directory: DirectoryHandle, _ options: ReadOptions,
    _ warnings: inout [CoppiceError]
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    var items: [NamedCheckpointable] = []
    for entry in entries {
      let name = CheckpointableName.directory(for: entry.name)
      guard try directory.hasDirectory(name) else {
        // Whoever deletes a whole checkpointable leaves the others readable.
        warnings.append(
          CoppiceError(
            .directoryMissingCheckpointable,
            "the checkpointable \"\(entry.name)\" is recorded, but its directory is not there",
            at: .init(file: directory.displayName(name))))
        continue
      }
      let inner = try directory.subdirectory(name)
      items.append(.init(entry.name, try read(entry.entry, in: inner, options, &warnings)))
    }
    return items
  }

  private static func read(
    _ entry: CheckpointableEntry, in directory: DirectoryHandle, _ options: ReadOptions,
    _ warnings: inout [CoppiceError]
  ) throws(CoppiceError) -> Checkpointable {
    switch entry {
    case .tree(let record):
      return .tree(
        try TreeReader.open(
          directory, record: record, verifies: options.verifiesDigests, limits: options.limits))
    case .json(let record):
      let bytes = try TreeReader.document(record, in: directory, limits: options.limits)
      let document = try JSONDocument(
        parsing: bytes, file: directory.displayName(record.path), dialect: .python,
        limits: options.limits)
      return .json(document.root.json)
    case .files(let records):
      var files: [CheckpointFile] = []
      for record in records { files.append(try file(record, in: directory, options)) }
      return .files(files)
    case .composite(let entries):
      return .composite(try items(entries, in: directory, options, &warnings))
    }
  }

  static func file(
    _ record: FileRecord, in directory: DirectoryHandle, _ options: ReadOptions
  ) throws(CoppiceError) -> CheckpointFile {
    let file: InputFile
    do {
      file = try directory.open(record.path)
    } catch {
      guard error.code == .fileMissing else { throw error }
      throw CoppiceError(
        .directoryFileMissing, "the file is not there: the copy is incomplete", at: error.location)
    }
    guard file.byteCount == record.size else {
      throw CoppiceError(
        .metadataSizeMismatch,
        "the file has \(file.byteCount) bytes, but the root document says \(record.size)",
        at: .init(file: file.name))
    }
    let bytes: any ByteSource =
      options.verifiesDigests ? VerifiedFile(file, digest: record.digest) : file
    return CheckpointFile(path: record.path, bytes: bytes)
  }
}
