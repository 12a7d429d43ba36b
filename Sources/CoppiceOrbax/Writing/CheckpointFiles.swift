import CoppiceFiles
import CoppiceModel
import SystemPackage

/// A writer of the files of one checkpoint.
struct CheckpointFiles {
  let options: OrbaxWriteOptions
  let monitor: OperationMonitor
  /// When the save began.
  let started: Timestamp

  /// Orbax's text in the marker of a committed save, without the path that follows it.
  private static let commitText = "Checkpoint commit was successful"

  /// Writes a checkpointable into a directory of its own.
  func write(
    _ item: OrbaxPlan.Item, named name: String, in directory: FilePath
  ) throws(CoppiceError) {
    let path = directory.appending(name)
    try OutputDirectory.create(path)
    switch item {
    case .tree(let tree): try write(tree, to: path)
    case .json(let bytes): try create(OrbaxName.jsonFiles[0], bytes, in: path)
    case .files(let files): for file in files { try write(file, to: path) }
    case .composite(let items):
      for (name, item) in items { try write(item, named: name, in: path) }
    }
    try close(path)
  }

  /// Writes a tree's arrays and documents.
  func write(_ tree: OutputTree, to directory: FilePath) throws(CoppiceError) {
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
    guard !tree.arrays.isEmpty else { return }
    let writer = ArrayWriter(arrays: tree.arrays, options: options, monitor: monitor)
    switch options.store {
    case .database:
      let sink = try DatabaseWriter(in: directory, options: options)
      try writer.write(to: sink)
      try sink.finish(time: started)
    case .directories:
      let sink = DirectoryWriter(in: directory, durability: options.durability)
      try writer.write(to: sink)
      try sink.finish()
    }
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
