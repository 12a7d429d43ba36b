import CoppiceFiles
import CoppiceFormat
import CoppiceJSON
import CoppiceModel
import CoppiceStorage
import SystemPackage

/// The writer of checkpointables, which also collects their entries for the root document.
struct CheckpointableWriter {
  let options: WriteOptions
  let monitor: OperationMonitor
  /// The features used so far.
  private(set) var features: Set<Feature> = []

  init(options: WriteOptions, monitor: OperationMonitor) {
    self.options = options
    self.monitor = monitor
  }

  /// Writes named checkpointables, each into a directory of its own.
  ///
  /// - Parameters:
  ///   - items: The checkpointables with their names.
  ///   - directory: The directory in which their directories are created.
  ///   - depth: The number of composites around them.
  mutating func write(
    _ items: [NamedCheckpointable], into directory: FilePath, depth: Int = 0
  ) throws(CoppiceError) -> [NamedEntry] {
    try CheckpointableName.check(items.map(\.name), isTopLevel: depth == 0)
    var entries: [NamedEntry] = []
    for item in items {
      let path = directory.appending(CheckpointableName.directory(for: item.name))
      try OutputDirectory.create(path)
      entries.append(NamedEntry(item.name, try write(item.value, into: path, depth: depth)))
      if options.durability == .durable { try OutputDirectory.sync(path) }
    }
    return entries
  }

  private mutating func write(
    _ item: Checkpointable, into directory: FilePath, depth: Int
  ) throws(CoppiceError) -> CheckpointableEntry {
    switch item {
    case .tree(let tree):
      let result = try TreeWriter.write(
        tree, into: directory, options: options.tree, monitor: monitor)
      features.formUnion(result.features)
      return .tree(result.document)
    case .json(let json):
      if NonfiniteNumbers.occur(in: json) { features.insert(.jsonNonfinite) }
      let bytes = try CanonicalJSON.encode(json, dialect: .python)
      guard bytes.count <= ReadLimits.standard.documentBytes else {
        throw CoppiceError(
          .fileTooLarge, "the document has \(bytes.count) bytes, more than any reader takes")
      }
      let name = CheckpointableEntry.jsonFileName
      try OutputFile.create(
        directory.appending(name), holding: bytes, durability: options.durability)
      return .json(FileRecord(path: name, size: bytes.count, digest: Digest(of: bytes)))
    case .files(let files):
      try ListedPath.check(files.map(\.path))
      var records: [FileRecord] = []
      for file in files { records.append(try write(file, into: directory)) }
      return .files(records.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    case .composite(let items):
      guard depth < EntryReader.maximumDepth else {
        throw CoppiceError(
          .metadataTooDeep, "composites are nested deeper than \(EntryReader.maximumDepth) levels")
      }
      features.insert(.composite)
      return .composite(try write(items, into: directory, depth: depth + 1))
    }
  }

  private func write(
    _ file: CheckpointFile, into directory: FilePath
  ) throws(CoppiceError) -> FileRecord {
    let components = try RelativePath(checking: file.path).components
    guard let name = components.last else {
      throw CoppiceError(.directoryBadPath, "a file of the checkpointable has no name")
    }
    let parent = try OutputDirectory.createAll(components.dropLast(), below: directory)
    let path = parent.appending(name)
    var isLinked = false
    if options.linksFiles, let source = file.bytes as? InputFile {
      isLinked = try OutputFile.link(source, at: path, durability: options.durability)
    }
    let output = isLinked ? nil : try OutputFile(at: path)
    var digest = DigestStream()
    var offset = 0
    monitor.expect(bytes: file.bytes.byteCount)
    try file.bytes.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
      digest.update(piece)
      try output?.write(piece, at: offset)
      offset += piece.byteCount
      try monitor.advance(bytes: piece.byteCount)
    }
    if options.durability == .durable {
      try output?.sync()
      if components.count > 1 { try OutputDirectory.sync(parent) }
    }
    return FileRecord(path: file.path, size: offset, digest: digest.digest)
  }
}
