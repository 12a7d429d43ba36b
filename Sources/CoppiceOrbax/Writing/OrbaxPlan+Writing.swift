import CoppiceFiles
package import CoppiceModel
package import SystemPackage

extension OrbaxPlan {
  /// Writes the checkpoint into a directory that exists and is empty.
  ///
  /// - Throws: `operation.cancelled`, `io.*`, and the sources' errors.
  package func write(
    to directory: FilePath, monitor: OperationMonitor
  ) throws(CoppiceError) {
    let started = options.now()
    try prepare(directory)
    let values = try writeShare(of: 0, among: 1, to: directory, monitor: monitor)
    try finish([values], in: directory, started: started)
  }

  /// Makes the directories of the checkpoint, with all documents for which nothing has to be read.
  func prepare(_ directory: FilePath) throws(CoppiceError) {
    let writer = CheckpointFiles(options: options, monitor: OperationMonitor())
    if options.zstdLevel == nil {
      try OutputDirectory.requireRoom(forBytes: byteCount(items), in: directory)
    }
    for (path, item) in places(in: directory) {
      // In the direct layout the tree's own metadata are those of the checkpoint.
      if options.layout != .version0Direct { try OutputDirectory.create(path) }
      try writer.writeDocuments(item, to: path)
    }
  }

  /// Writes the share of a rank: parts of arrays, and, for rank 0, all files and the arrays' descriptions.
  ///
  /// - Returns: The values that were stored of each tree.
  func writeShare(
    of rank: Int, among count: Int, to directory: FilePath, monitor: OperationMonitor
  ) throws(CoppiceError) -> [StoredValues] {
    let writer = CheckpointFiles(options: options, monitor: monitor)
    let places = places(in: directory)
    let trees = places.compactMap(Self.tree)
    let shares = try OutputArray.shares(of: trees.map(\.tree.arrays), among: count, of: rank)
    monitor.expect(bytes: shares.joined().reduce(0) { $0 + $1.source.byteCount })
    var values: [StoredValues] = []
    for ((path, tree), arrays) in zip(trees, shares) {
      values.append(
        try writer.write(
          arrays, describing: rank == 0 ? tree.arrays : [], of: rank, to: path))
    }
    guard rank == 0 else { return values }
    for case (let path, .files(let files)) in places {
      monitor.expect(bytes: files.reduce(0) { $0 + $1.bytes.byteCount })
      try writer.write(files, to: path)
    }
    return values
  }

  /// Completes the checkpoint when all shares are written.
  ///
  /// - Parameter shares: What each rank has stored of each tree.
  func finish(
    _ shares: [[StoredValues]], in directory: FilePath, started: Timestamp
  ) throws(CoppiceError) {
    let writer = CheckpointFiles(options: options, monitor: OperationMonitor())
    let places = places(in: directory)
    if options.store == .database {
      for (index, (path, tree)) in places.compactMap(Self.tree).enumerated()
      where !tree.arrays.isEmpty {
        try DatabaseWriter.writeTree(
          of: shares.compactMap { index < $0.count ? $0[index] : nil }, in: path,
          options: options, time: started)
      }
    }
    if options.layout != .version0Direct {
      // Those in composites before the composites.
      for (path, _) in places.reversed() { try writer.close(path) }
      if let metrics = contents.metrics {
        let path = directory.appending(OrbaxName.metrics)
        try OutputDirectory.create(path)
        var document = DocumentWriter()
        try document.value(metrics)
        try writer.create(OrbaxName.metrics, document.bytes, in: path)
        try writer.close(path)
      }
    }
    if options.layout == .version1 { try writer.create(OrbaxName.marker, [], in: directory) }
    try writer.create(
      OrbaxName.checkpointMetadata, try checkpointMetadata(started: started), in: directory)
    try writer.close(directory)
  }

  /// A checkpointable with its directory.
  typealias Place = (path: FilePath, item: Item)

  /// Returns all checkpointables with their directories, those in a composite after it.
  func places(in directory: FilePath) -> [Place] {
    if options.layout == .version0Direct { return items.map { (directory, $0.content) } }
    return Self.places(of: items, in: directory)
  }

  private static func places(
    of items: [(name: String, content: Item)], in directory: FilePath
  ) -> [Place] {
    items.flatMap { item -> [Place] in
      let path = directory.appending(item.name)
      guard case .composite(let inner) = item.content else { return [(path, item.content)] }
      return [(path, item.content)] + places(of: inner, in: path)
    }
  }

  /// Returns the tree of a place, with its directory.
  private static func tree(_ place: Place) -> (path: FilePath, tree: OutputTree)? {
    if case .tree(let tree) = place.item { (place.path, tree) } else { nil }
  }

  private func byteCount(_ items: [(name: String, content: Item)]) -> Int {
    items.reduce(0) { total, item in
      switch item.content {
      case .tree(let tree): total + tree.arrays.reduce(0) { $0 + $1.source.byteCount }
      case .json: total
      case .files(let files): total + files.reduce(0) { $0 + $1.bytes.byteCount }
      case .composite(let items): total + byteCount(items)
      }
    }
  }

  /// Returns `_CHECKPOINT_METADATA`: the classes that saved the checkpointables, and the user's
  /// metadata.
  private func checkpointMetadata(started: Timestamp) throws(CoppiceError) -> [UInt8] {
    var writer = DocumentWriter()
    try writer.object { (writer) throws(CoppiceError) in
      writer.name("item_handlers")
      if options.layout == .version0Direct {
        writer.string(HandlerName.tree0)
      } else {
        try writer.object { (writer) throws(CoppiceError) in
          for (name, item) in items {
            writer.name(name)
            switch item {
            case .tree: writer.string(HandlerName.tree)
            case .json: writer.string(HandlerName.json)
            case .files: writer.string(HandlerName.stateful)
            case .composite: writer.null()
            }
          }
          guard contents.metrics != nil else { return }
          writer.name(OrbaxName.metrics)
          writer.string(HandlerName.metrics)
        }
      }
      writer.name("metrics")
      let isDirect = options.layout == .version0Direct
      try writer.value((isDirect ? contents.metrics : nil) ?? .object([]))
      writer.name("performance_metrics")
      try writer.value(.object([]))
      writer.name("init_timestamp_nsecs")
      writer.integer((contents.initTime ?? started).nanoseconds)
      writer.name("commit_timestamp_nsecs")
      writer.integer((contents.commitTime ?? options.now()).nanoseconds)
      writer.name("custom_metadata")
      try writer.value(contents.custom ?? .object([]))
    }
    return writer.bytes
  }
}

/// The classes of Orbax that load the output.
private enum HandlerName {
  private static let version1 = "orbax.checkpoint.experimental.v1._src.handlers."
  static let tree = version1 + "pytree_handler.PyTreeHandler"
  static let json = version1 + "json_handler.JsonHandler"
  static let metrics = version1 + "json_handler.MetricsHandler"
  static let stateful =
    version1 + "stateful_checkpointable_handler.StatefulCheckpointableHandler"
  static let tree0 =
    "orbax.checkpoint._src.handlers.pytree_checkpoint_handler.PyTreeCheckpointHandler"
}
