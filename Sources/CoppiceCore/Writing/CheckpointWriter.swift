import CoppiceFiles
import CoppiceFormat
import CoppiceJSON
package import CoppiceModel
import CoppiceStorage
package import SystemPackage

/// The writer of checkpoints, which writes under a temporary name and renames at the end.
package enum CheckpointWriter {
  /// Writes a checkpoint to a path.
  ///
  /// - Throws: `operation.exists`, `operation.cancelled`, `directory.*` for names that can't be
  ///   used, `io.*`, and the errors of the sources. The target then stays as it was.
  package static func write(
    _ contents: CheckpointContents, to path: FilePath, options: WriteOptions = WriteOptions(),
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) {
    let staged = try StagedOutput(.directory, for: path, replacing: options.isReplacing)
    defer { staged.discard() }
    try fill(staged.path, with: contents, options: options, monitor: monitor)
    try monitor.checkCancellation()
    try staged.commit(durability: options.durability)
  }

  /// Returns the name of a checkpointable's directory.
  package static func directoryName(of name: String) -> String {
    CheckpointableName.directory(for: name)
  }

  /// Writes all files of a checkpoint into an existing directory, the root document last.
  ///
  /// - Throws: As `write`; the files written so far stay.
  package static func fill(
    _ directory: FilePath, with contents: CheckpointContents, options: WriteOptions,
    monitor: OperationMonitor
  ) throws(CoppiceError) {
    let started = options.now()
    let items: [NamedCheckpointable] =
      switch contents.root {
      case .named(let items): items
      case .unnamed(let item): [NamedCheckpointable(options.nameOfUnnamed, item)]
      }
    if options.tree.zstdLevel == nil, options.tree.zstdLevels == nil {
      var bytes = 0
      for item in items { bytes += try item.value.arrayBytes() }
      if bytes >= 1 << 20 { try OutputDirectory.requireRoom(forBytes: bytes, in: directory) }
    }
    var writer = CheckpointableWriter(options: options, monitor: monitor)
    let entries = try writer.write(items, into: directory)
    try writeRoot(
      entries, features: writer.features, of: contents, started: started, into: directory,
      options: options)
  }

  /// Writes the root document, when everything else is written.
  static func writeRoot(
    _ entries: [NamedEntry], features: Set<Feature>, of contents: CheckpointContents,
    started: Timestamp, into directory: FilePath, options: WriteOptions
  ) throws(CoppiceError) {
    var document = RootDocument(
      requiredFeatures: features, checkpointables: entries, writer: options.writer)
    document.step = contents.step
    document.metrics = contents.metrics
    document.custom = contents.custom
    document.initTime = contents.initTime
    document.commitTime = contents.commitTime
    if options.recordsTimes {
      document.initTime = document.initTime ?? started
      document.commitTime = document.commitTime ?? options.now()
    }
    let bytes = try document.encoded()
    if options.durability == .durable { try OutputDirectory.sync(directory) }
    try OutputFile.create(
      directory.appending(RootDocument.fileName), holding: bytes, durability: options.durability)
  }
}

extension Checkpointable {
  /// Returns the size of all arrays in bytes.
  ///
  /// - Throws: The fault of a checkpointable.
  fileprivate func arrayBytes() throws(CoppiceError) -> Int {
    var bytes = 0
    switch self {
    case .tree(let tree): tree.forEachLeaf { bytes += $0.byteCount }
    case .composite(let items): for item in items { bytes += try item.value.arrayBytes() }
    case .json, .files: break
    }
    return bytes
  }
}
