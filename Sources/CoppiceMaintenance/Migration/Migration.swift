package import CoppiceCore
import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
package import CoppiceStorage
import CoppiceVersion0
package import SystemPackage

/// A migration of a checkpoint or run from an older version to the newest one.
///
/// The source is only read. The result appears whole, or not at all.
///
/// Spec: annex D.
package struct Migration: Sendable {
  /// The place of the result.
  package enum Target: Sendable {
    /// A path where nothing exists.
    case path(FilePath)
    /// The source's own path: source and result are exchanged, then the source is deleted.
    case inPlace
    /// No place: only the report is made.
    case nowhere
  }

  private let source: FilePath
  private let target: Target
  private var writing: WriteOptions
  private let monitor: OperationMonitor

  /// Runs a migration.
  ///
  /// - Parameters:
  ///   - isDryRun: Whether only the report is made, after all that a run to the target checks.
  ///   - symlinks: The treatment of links inside the source.
  /// - Throws: `usage.*`, `operation.*`, `io.*`, and the errors of the readers. The source is then
  ///   unchanged.
  package static func run(
    _ source: FilePath, to target: Target, isDryRun: Bool = false, reading: ReadOptions,
    hdf5: HDF5Access, symlinks: SymlinkPolicy, writing: WriteOptions = WriteOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> MigrationReport {
    let directory = try DirectoryHandle(opening: source, symlinks: symlinks)
    if let version = try currentVersion(of: directory, reading) {
      return MigrationReport(version: version, isCurrent: true)
    }
    guard
      let input = try Version0Reader.open(directory, options: reading, hdf5: hdf5)
    else {
      throw CoppiceError(
        .usageNotMigratable,
        "no checkpoint of an older version of this format; `Checkpoint.convert` reads other formats",
        at: .init(file: source.string))
    }
    let stranger = try Version0Reader.stranger(in: directory)
    if let stranger, case .inPlace = target {
      throw CoppiceError(
        .operationNotReplaceable,
        "it holds \"\(stranger.printable)\", which doesn't belong to the checkpoint and would be deleted; move it "
          + "away, or migrate to another path", at: .init(file: source.string))
    }
    if case .path(let path) = target {
      try Replacement.checkPlace(path, source: source)
      guard !StagedOutput.exists(path) else { throw Self.alreadyExists(path) }
    }
    var writing = writing
    // Facts that the old version doesn't record are not invented.
    writing.recordsTimes = false
    writing.linksFiles = true
    writing.isReplacing = if case .inPlace = target { true } else { false }
    var report = try Migration(
      source: source, target: isDryRun ? .nowhere : target, writing: writing, monitor: monitor
    ).run(input)
    if let stranger {
      report.notes.append(
        .init(
          .leftOut, "\"\(stranger.printable)\" doesn't belong to the checkpoint and is left out"))
    }
    return report
  }

  /// The error about something at the path of a result that never replaces anything.
  static func alreadyExists(_ path: FilePath) -> CoppiceError {
    CoppiceError(
      .operationExists, "already exists; choose another target", at: .init(file: path.string))
  }

  private init(
    source: FilePath, target: Target, writing: WriteOptions, monitor: OperationMonitor
  ) {
    self.source = source
    self.target = target
    self.writing = writing
    self.monitor = monitor
  }

  /// Returns the version of a checkpoint or run that needs no migration.
  private static func currentVersion(
    of directory: DirectoryHandle, _ reading: ReadOptions
  ) throws(CoppiceError) -> String? {
    if try directory.hasFile(RootDocument.fileName) {
      _ = try CheckpointReader.rootDocument(of: directory, limits: reading.limits)
      return FormatVersion.current.description
    }
    guard try RunReader.open(directory, options: reading) != nil else { return nil }
    return FormatVersion.current.description
  }

  private func run(_ input: Version0Reader.Input) throws(CoppiceError) -> MigrationReport {
    let path = try resultPath()
    var report = MigrationReport(version: "0", result: path)
    switch input {
    case .checkpoint(let opened):
      report.notes = try opened.notes()
      guard let path else { return report }
      try CheckpointWriter.write(
        opened.contents, to: path, options: writing, monitor: monitor)
    case .steps(let found):
      report.steps = found.steps.steps.map(\.number)
      for (step, open) in zip(found.steps.steps, found.open) {
        for note in try open().notes() {
          let place = "\(step.name):\(note.treePath)"
          report.notes.append(.init(note.kind, note.message, treePath: place))
        }
      }
      guard let path else { return report }
      try RunWriter.write(found.steps, to: path, options: writing, monitor: monitor) {
        (contents) throws(CoppiceError) in contents
      }
    }
    return report
  }

  /// Returns the path of the result.
  ///
  /// Links in the source's own path are followed first, so that the checkpoint is replaced and not
  /// the link.
  private func resultPath() throws(CoppiceError) -> FilePath? {
    switch target {
    case .nowhere: nil
    case .path(let path): path
    case .inPlace: try source.resolved()
    }
  }
}
