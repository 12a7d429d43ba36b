package import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5Inspection
import CoppiceJSON
package import CoppiceModel
package import CoppiceStorage
import Synchronization

/// The reader of checkpoints of version 0, which it migrates in memory.
///
/// Array data are read from the old files; version 0 has no digests to verify them.
///
/// Spec: version 0.
package struct Version0Reader: Sendable {
  /// The format's name as the tool prints it.
  package static let formatName = "coppice-0"

  private let options: ReadOptions
  private let hdf5: HDF5Access
  private let inferences = Inferences()

  /// The notes of inferences, in the order in which the checkpointables were opened.
  fileprivate final class Inferences: Sendable {
    let notes = Mutex<[ConversionNote]>([])
  }

  /// A checkpoint, with the inferences of its migration.
  package struct Opened: Sendable {
    package var contents: CheckpointContents
    fileprivate let inferences: Inferences

    /// Opens all checkpointables, and returns a note for each inference of the migration.
    ///
    /// - Throws: All faults of the checkpoint, as one error.
    package func notes() throws(CoppiceError) -> [ConversionNote] {
      _ = try contents.whole()
      return inferences.notes.withLock(\.self)
    }
  }

  /// A checkpoint or a run.
  package enum Input: Sendable {
    case checkpoint(Opened)
    case steps(Steps)
  }

  /// A run, with a function for each step that opens it with the inferences of its migration.
  package struct Steps: Sendable {
    package var steps: CheckpointRun
    package var open: [@Sendable () throws(CoppiceError) -> Opened] = []
  }

  private init(_ options: ReadOptions, _ hdf5: HDF5Access) {
    self.options = options
    self.hdf5 = hdf5
  }

  /// Opens a checkpoint or a run; `nil` when the directory is neither in version 0.
  ///
  /// - Throws: `json.*`, `model.*`, `arrays.*`, `directory.*`, `hdf5.*`, `io.*`.
  package static func open(
    _ directory: DirectoryHandle, options: ReadOptions, hdf5: HDF5Access
  ) throws(CoppiceError) -> Input? {
    guard let layout = try Version0Layout(of: directory) else { return nil }
    if case .steps(let numbers) = layout {
      return try steps(numbers, in: directory, options, hdf5).map(Input.steps)
    }
    return try Version0Reader(options, hdf5).open(directory, layout).map(Input.checkpoint)
  }

  private func open(
    _ directory: DirectoryHandle, _ layout: Version0Layout
  ) throws(CoppiceError) -> Opened? {
    var contents = CheckpointContents(format: Self.formatName, root: .named([]))
    switch layout {
    case .steps: return nil
    case .direct:
      guard let opened = try tree(in: directory, name: nil) else { return nil }
      contents.root = .unnamed(opened.value)
      contents.warnings = opened.warnings
    case .composite(let names):
      guard let items = try items(names, in: directory) else { return nil }
      contents.root = .named(items)
    }
    if let document = try document(Version0Root.fileName, in: directory) {
      let root = try Version0Root(
        parsing: document, file: directory.displayName(Version0Root.fileName),
        limits: options.limits)
      contents.step = root.step
      contents.custom = root.custom
    }
    return Opened(contents: contents, inferences: inferences)
  }

  private static func steps(
    _ numbers: [Int], in directory: DirectoryHandle, _ options: ReadOptions, _ hdf5: HDF5Access
  ) throws(CoppiceError) -> Steps? {
    var steps: [CheckpointRun.Step] = []
    var openers: [@Sendable () throws(CoppiceError) -> Opened] = []
    for number in numbers {
      let inner = try directory.subdirectory(String(number))
      guard let layout = try Version0Layout(of: inner) else { continue }
      if case .steps = layout { continue }
      // The names of directories prove little, so the first step is opened.
      if steps.isEmpty {
        guard try Version0Reader(options, hdf5).recognises(inner, layout) else { return nil }
      }
      let opener = { @Sendable () throws(CoppiceError) -> Opened in
        guard var opened = try Version0Reader(options, hdf5).open(inner, layout) else {
          throw Self.unmarked(inner.displayName(""))
        }
        opened.contents.step = number
        return opened
      }
      openers.append(opener)
      steps.append(
        .init(number: number, name: String(number)) { () throws(CoppiceError) in
          try opener().contents
        })
    }
    guard !steps.isEmpty else { return nil }
    return Steps(steps: CheckpointRun(format: formatName, steps: steps), open: openers)
  }

  /// Tells whether a directory is a checkpoint of version 0, damaged or not.
  private func recognises(
    _ directory: DirectoryHandle, _ layout: Version0Layout
  ) throws(CoppiceError) -> Bool {
    do {
      return try open(directory, layout) != nil
    } catch {
      guard error.code.isInputFault else { throw error }
      return true
    }
  }
}

extension Version0Reader {
  /// Lists checkpointables; `nil` when no tree among them is marked as one of version 0.
  private func items(
    _ names: [String], in directory: DirectoryHandle
  ) throws(CoppiceError) -> [NamedCheckpointable]? {
    var items: [NamedCheckpointable] = []
    var trees: [NamedCheckpointable] = []
    for name in names {
      let isTree = try Version0Layout.isTree(at: name, in: directory)
      let item = NamedCheckpointable(name) {
        isTree ? .tree : nil
      } open: { () throws(CoppiceError) in
        let inner = try directory.subdirectory(name)
        guard isTree else { return OpenedCheckpointable(try self.item(in: inner)) }
        guard let opened = try tree(in: inner, name: name) else {
          throw Self.unmarked(inner.displayName(DataFile.name(0)))
        }
        return opened
      }
      items.append(item)
      if isTree { trees.append(item) }
    }
    guard try hasMarked(trees) else { return nil }
    try CheckpointableName.check(names, isTopLevel: true)
    return items
  }

  /// Tells whether any of the trees is marked as one of version 0, or is too damaged to tell.
  private func hasMarked(_ trees: [NamedCheckpointable]) throws(CoppiceError) -> Bool {
    var sawDamage = false
    for tree in trees {
      do throws(CoppiceError) {
        _ = try tree.listed
        return true
      } catch {
        guard error.code.isInputFault else { throw error }
        if error.code != .versioningNotCoppice { sawDamage = true }
      }
    }
    return sawDamage
  }

  private func item(in directory: DirectoryHandle) throws(CoppiceError) -> Checkpointable {
    if let bytes = try document(CheckpointableEntry.jsonFileName, in: directory) {
      let document = try JSONDocument(
        parsing: bytes, file: directory.displayName(CheckpointableEntry.jsonFileName),
        dialect: .python, limits: options.limits)
      return .json(document.root.json)
    }
    guard try !directory.hasFile(Version0Metadata.fileName) else {
      throw CoppiceError(
        .directoryFileMissing, "the file is not there: the copy is incomplete",
        at: .init(file: directory.displayName(DataFile.name(0))))
    }
    var files: [CheckpointFile] = []
    for path in try directory.allFiles() {
      files.append(CheckpointFile(path: path, bytes: try directory.open(path)))
    }
    return .files(files)
  }

  /// Reads a tree; `nil` when its file isn't marked as one of version 0.
  private func tree(
    in directory: DirectoryHandle, name: String?
  ) throws(CoppiceError) -> OpenedCheckpointable? {
    let arraysName = DataFile.name(0)
    let displayName = directory.displayName(arraysName)
    let file = try directory.open(arraysName)
    let outline: FileOutline
    do {
      outline = try FileOutline.read(
        directory.absolutePath(of: arraysName), mode: hdf5, name: displayName,
        limits: OutlineLimits(options.limits))
    } catch {
      guard error.code == .hdf5Invalid else { throw error }
      throw CoppiceError(
        .arraysHDF5Mismatch, error.message, at: error.location, cause: .other(error))
    }
    guard outline.isMarkedVersion0 else { return nil }
    guard outline.byteCount == UInt64(file.byteCount) else {
      throw CoppiceError(
        .arraysStaleIndex, "the file was changed while it was read", at: .init(file: displayName))
    }
    let arrays = try Version0Arrays(outline, file: displayName)
    var metadata: Version0Metadata?
    if let bytes = try document(Version0Metadata.fileName, in: directory) {
      metadata = try Version0Metadata(
        parsing: bytes, file: directory.displayName(Version0Metadata.fileName),
        limits: options.limits)
    }
    let migrated = try From0.migrate(
      metadata, arrays, file: displayName, size: file.byteCount, limits: options.limits)
    let notes = migrated.notes.map { note in
      let place = [name, note.treePath].compactMap { $0 }.filter { !$0.isEmpty }
      return ConversionNote(note.kind, note.message, treePath: place.joined(separator: ":"))
    }
    var opened = OpenedCheckpointable(.tree(try migrated.leaves(of: file)))
    inferences.notes.withLock { $0 += notes }
    if metadata == nil {
      opened.warnings.append(
        CoppiceError(
          .versioningInferred,
          "no metadata.json: the tree was inferred from HDF5; `Checkpoint.migrate` notes how",
          at: .init(file: displayName)))
    }
    return opened
  }

  private func document(
    _ name: String, in directory: DirectoryHandle
  ) throws(CoppiceError) -> [UInt8]? {
    guard try directory.hasFile(name) else { return nil }
    return try directory.allBytes(of: name, limit: options.limits.documentBytes)
  }

  private static func unmarked(_ file: String) -> CoppiceError {
    CoppiceError(
      .versioningNotCoppice,
      "the file isn't marked as one of version 0, as others of the checkpoint are",
      at: .init(file: file))
  }
}
