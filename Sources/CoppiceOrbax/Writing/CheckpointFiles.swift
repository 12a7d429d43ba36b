import CoppiceFiles
import CoppiceModel
import SystemPackage

/// A writer of the files of one checkpoint.
struct CheckpointFiles {
  let options: OrbaxWriteOptions
  let monitor: OperationMonitor

  /// Orbax's text in the marker of a committed save, without the path that follows it.
  private static let commitText = "Checkpoint commit was successful"

  /// Writes the documents of a checkpointable, for which nothing has to be read.
  func writeDocuments(_ item: OrbaxPlan.Item, to directory: FilePath) throws(CoppiceError) {
    switch item {
    case .tree(let tree): try writeDocuments(tree, to: directory)
    case .json(let bytes): try create(OrbaxName.jsonFiles[0], bytes, in: directory)
    case .files, .composite: break
    }
  }

  private func writeDocuments(
    _ tree: OutputTree, to directory: FilePath
  ) throws(CoppiceError) {
    try create(OrbaxName.treeMetadata, try tree.metadata(), in: directory)
    if let bytes = try tree.stringsDocument() {
      try create(OrbaxName.strings, bytes, in: directory)
    }
    if let bytes = try tree.shardingDocument() {
      try create(OrbaxName.sharding, bytes, in: directory)
    }
    if let bytes = try tree.arrayMetadatas() {
      let path = directory.appending(OrbaxName.arrayMetadatas)
      try OutputDirectory.create(path)
      try create("process_0", bytes, in: path)
      if options.durability == .durable { try OutputDirectory.sync(path) }
    }
  }

  /// Writes arrays of a tree, or parts of them.
  ///
  /// - Parameters:
  ///   - arrays: The arrays, or parts.
  ///   - described: The arrays of which the descriptions are written as well.
  ///   - rank: The rank that writes them, and has data files of its own.
  func write(
    _ arrays: [OutputArray], describing described: [OutputArray], of rank: Int,
    to directory: FilePath
  ) throws(CoppiceError) -> StoredValues {
    guard !(arrays.isEmpty && described.isEmpty) else { return StoredValues() }
    let writer = ArrayWriter(
      arrays: arrays, described: described, options: options, monitor: monitor)
    let sink: any ArraySink =
      switch options.store {
      case .database: try DatabaseWriter(in: directory, options: options, rank: rank)
      case .directories: DirectoryWriter(in: directory, durability: options.durability)
      }
    try writer.write(to: sink)
    return try sink.close()
  }

  /// Writes the files of a checkpointable.
  func write(_ files: [CheckpointFile], to directory: FilePath) throws(CoppiceError) {
    for file in files { try write(file, to: directory) }
  }

  private func write(_ file: CheckpointFile, to directory: FilePath) throws(CoppiceError) {
    let components = try RelativePath(checking: file.path).components
    guard let name = components.last else { return }
    let parent = try OutputDirectory.createAll(components.dropLast(), below: directory)
    let output = try OutputFile(at: parent.appending(name))
    var offset = 0
    try file.bytes.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
      try output.write(piece, at: offset)
      offset += piece.byteCount
      try monitor.advance(bytes: piece.byteCount)
    }
    guard options.durability == .durable else { return }
    try output.sync()
    if components.count > 1 { try OutputDirectory.sync(parent) }
  }

  /// Writes a small file.
  func create(_ name: String, _ bytes: [UInt8], in directory: FilePath) throws(CoppiceError) {
    try OutputFile.create(
      directory.appending(name), holding: bytes, durability: options.durability)
  }

  /// Marks a directory as complete.
  func close(_ directory: FilePath) throws(CoppiceError) {
    try create(OrbaxName.commitMarker, Array(Self.commitText.utf8), in: directory)
    if options.durability == .durable { try OutputDirectory.sync(directory) }
  }
}
