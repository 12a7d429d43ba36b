import CoppiceFormat
import CoppiceModel
import CoppiceStorage
import FileAccess
import StrictJSON

/// Reads checkpointables one after the other, and collects what was odd yet tolerated.
struct PartReader {
  private let root: RootDocument
  private let options: ReadOptions
  private(set) var warnings: [CoppiceError]

  init(_ root: RootDocument, options: ReadOptions) {
    self.root = root
    self.options = options
    warnings = root.warnings
  }

  /// Reads what the root document lists.
  mutating func items(in directory: DirectoryHandle) throws(CoppiceError) -> [NamedCheckpointable] {
    try declare(root.features)
    return try items(root.checkpointables, in: directory)
  }

  private mutating func items(
    _ entries: [NamedEntry], in directory: DirectoryHandle
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    var items: [NamedCheckpointable] = []
    for entry in entries {
      guard let inner = try Self.directory(of: entry, in: directory) else {
        // Whoever deletes a whole checkpointable leaves the others readable.
        warnings.append(Self.missing(entry, in: directory))
        continue
      }
      items.append(.init(entry.name, try read(entry.entry, in: inner)))
    }
    return items
  }

  /// Opens the directory of a checkpointable; `nil` when the whole of it is missing.
  ///
  /// Spec: DIR-12, DIR-15.
  static func directory(
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

  /// The warning that a checkpointable's directory is not there.
  static func missing(_ entry: NamedEntry, in parent: DirectoryHandle) -> CoppiceError {
    CoppiceError(
      .directoryMissingCheckpointable,
      "the checkpointable \"\(entry.name)\" is recorded, but its directory is not there",
      at: .init(file: parent.displayName(CheckpointableName.directory(for: entry.name))))
  }

  private mutating func read(
    _ entry: CheckpointableEntry, in directory: DirectoryHandle
  ) throws(CoppiceError) -> Checkpointable {
    switch entry {
    case .tree(let record):
      return .tree(
        try TreeReader.open(
          record, in: directory, limits: options.limits, verifies: options.verifiesDigests
        ) { (document) throws(CoppiceError) in
          warnings += document.warnings
          try declare(document.features)
        })
    case .json(let record):
      let json = try Self.json(record, in: directory, limits: options.limits)
      if NonfiniteNumbers.occur(in: json) { try declare([.jsonNonfinite]) }
      return .json(json)
    case .files(let records):
      var files: [CheckpointFile] = []
      for record in records {
        files.append(
          try Self.file(record, in: directory, verifies: options.verifiesDigests))
      }
      return .files(files)
    case .composite(let entries): return .composite(try items(entries, in: directory))
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
  static func json(
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
  static func file(
    _ record: FileRecord, in directory: DirectoryHandle, verifies: Bool
  ) throws(CoppiceError) -> CheckpointFile {
    let file = try StoredDocument.open(record, in: directory)
    try StoredDocument.checkSize(of: file, record)
    let bytes: any ByteSource = verifies ? VerifiedFile(file, digest: record.digest) : file
    return CheckpointFile(path: record.path, bytes: bytes)
  }
}
