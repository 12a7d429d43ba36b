package import CoppiceFiles
package import CoppiceFormat
import CoppiceJSON
import CoppiceModel
import CoppiceStorage

/// The reader of the checkpointables that a root document lists, each when a caller opens it.
package struct CheckpointableReader: Sendable {
  private let root: RootDocument
  private let options: ReadOptions

  init(_ root: RootDocument, options: ReadOptions) {
    self.root = root
    self.options = options
  }

  /// Lists the checkpointables whose directories exist, without opening them.
  ///
  /// - Returns: The checkpointables, and a warning for each one whose directory is missing.
  /// - Throws: `versioning.undeclared-feature`.
  func items(in directory: DirectoryHandle) throws(CoppiceError) -> (
    items: [NamedCheckpointable], warnings: [CoppiceError]
  ) {
    try declare(root.features)
    return items(root.checkpointables, in: directory)
  }

  private func items(
    _ entries: [NamedEntry], in directory: DirectoryHandle
  ) -> (items: [NamedCheckpointable], warnings: [CoppiceError]) {
    var items: [NamedCheckpointable] = []
    var warnings: [CoppiceError] = []
    for entry in entries {
      // A user may delete the whole directory of a checkpointable: the others stay readable.
      guard !directory.lacks(CheckpointableName.directory(for: entry.name)) else {
        warnings.append(Self.missing(entry, in: directory))
        continue
      }
      items.append(
        NamedCheckpointable(entry.name, kind: { entry.entry.kind }) { () throws(CoppiceError) in
          try Self.fault(of: entry, in: directory)
        } open: { () throws(CoppiceError) in
          try open(entry, in: directory)
        })
    }
    return (items, warnings)
  }

  /// Returns the first fault of checkpointables that can be found without reading them.
  ///
  /// - Throws: `io.*`.
  static func fault(
    of entries: [NamedEntry], in directory: DirectoryHandle
  ) throws(CoppiceError) -> CoppiceError? {
    for entry in entries { if let fault = try fault(of: entry, in: directory) { return fault } }
    return nil
  }

  /// Returns the first fault of a checkpointable that can be found without reading it.
  ///
  /// A file that the root document names is missing, or has another size.
  ///
  /// - Throws: `io.*`.
  static func fault(
    of entry: NamedEntry, in parent: DirectoryHandle
  ) throws(CoppiceError) -> CoppiceError? {
    let name = CheckpointableName.directory(for: entry.name)
    if case .composite = entry.entry {
    } else if entry.entry.records.allSatisfy({
      parent.holdsFile(name + "/" + $0.path, byteCount: $0.size)
    }) {
      return nil
    }
    do throws(CoppiceError) {
      // A user may delete the whole directory of a checkpointable: the others stay readable.
      guard let inner = try directory(of: entry, in: parent) else { return nil }
      if case .composite(let entries) = entry.entry {
        return try fault(of: entries, in: inner)
      }
      for record in entry.entry.records {
        try StoredDocument.checkSize(of: try StoredDocument.open(record.path, in: inner), record)
      }
      return nil
    } catch {
      guard error.code.isInputFault else { throw error }
      return error
    }
  }

  /// Tells whether a directory has directories of checkpointables, recognised by their documents.
  ///
  /// A directory that can't be read counts as one without.
  static func areInside(
    _ directory: () throws(CoppiceError) -> DirectoryHandle
  ) throws(CoppiceError) -> Bool {
    do throws(CoppiceError) {
      let directory = try directory()
      return try directory.entries().contains { entry in
        entry.kind == .directory
          && CheckpointableEntry.documentNames.contains {
            !directory.lacks(entry.name + "/" + $0)
          }
      }
    } catch {
      guard error.code.isInputFault || error.code == .ioPermission else { throw error }
      return false
    }
  }

  /// Opens the directory of a checkpointable; `nil` when the whole of it is missing.
  ///
  /// Spec: DIR-12, DIR-15.
  package static func directory(
    of entry: NamedEntry, in parent: DirectoryHandle
  ) throws(CoppiceError) -> DirectoryHandle? {
    let name = CheckpointableName.directory(for: entry.name)
    switch try parent.kind(of: name) {
    case nil: return nil
    case .directory: return try parent.subdirectory(name)
    default:
      throw CoppiceError(
        .fileKind, "what lies in the place of the checkpointable \"\(entry.name)\" is no directory",
        at: .init(file: parent.displayName(name)))
    }
  }

  /// Returns the warning that a checkpointable's directory is missing.
  package static func missing(_ entry: NamedEntry, in parent: DirectoryHandle) -> CoppiceError {
    CoppiceError(
      .directoryMissingCheckpointable,
      "the checkpointable \"\(entry.name)\" is recorded, but its directory is not there",
      at: .init(file: parent.displayName(CheckpointableName.directory(for: entry.name))))
  }

  private func open(
    _ entry: NamedEntry, in parent: DirectoryHandle
  ) throws(CoppiceError) -> OpenedCheckpointable {
    guard let directory = try Self.directory(of: entry, in: parent) else {
      throw Self.missing(entry, in: parent)
    }
    switch entry.entry {
    case .tree(let record):
      var warnings: [CoppiceError] = []
      let read = try TreeReader.open(record, in: directory, options: options.tree) {
        (document) throws(CoppiceError) in
        warnings = document.warnings
        try declare(document.features)
      }
      var opened = OpenedCheckpointable(.tree(read.tree))
      opened.warnings = warnings
      opened.laterWarnings = read.warnings
      // Salvaging still takes the leaves: no block of theirs lies in the faulty file.
      if options.salvages {
        opened.warnings += read.fault.map { [$0] } ?? []
      } else {
        opened.fault = read.fault
      }
      return opened
    case .json(let record):
      let json = try Self.json(record, in: directory, limits: options.limits)
      if NonfiniteNumbers.occur(in: json) { try declare([.jsonNonfinite]) }
      return OpenedCheckpointable(.json(json))
    case .files(let records):
      var files: [CheckpointFile] = []
      for record in records {
        files.append(
          try Self.file(record, in: directory, verifies: options.verifiesDigests))
      }
      return OpenedCheckpointable(.files(files))
    case .composite(let entries):
      let (items, warnings) = items(entries, in: directory)
      var opened = OpenedCheckpointable(.composite(items))
      opened.warnings = warnings
      return opened
    }
  }

  /// Refuses features that the root document doesn't list.
  ///
  /// Spec: VER-6.
  private func declare(_ features: Set<Feature>) throws(CoppiceError) {
    if let fault = root.undeclared(features).first { throw fault }
  }

  /// Reads a data document.
  ///
  /// Spec: MET-36.
  package static func json(
    _ record: FileRecord, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> JSON {
    let bytes = try StoredDocument.bytes(record, in: directory, limits: limits)
    let document = try JSONDocument(
      parsing: bytes, file: directory.displayName(record.path), dialect: .python, limits: limits)
    try document.requireCanonical()
    return document.root.json
  }

  /// Opens a file of a checkpointable of kind "files".
  ///
  /// Spec: MET-23.
  package static func file(
    _ record: FileRecord, in directory: DirectoryHandle, verifies: Bool
  ) throws(CoppiceError) -> CheckpointFile {
    let file = try StoredDocument.open(record.path, in: directory)
    try StoredDocument.checkSize(of: file, record)
    let bytes: any ByteSource = verifies ? VerifiedFile(file, digest: record.digest) : file
    return CheckpointFile(path: record.path, bytes: bytes)
  }
}
