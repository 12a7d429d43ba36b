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
    let writer = CheckpointFiles(options: options, monitor: monitor, started: started)
    let byteCount = byteCount(items)
    monitor.expect(bytes: byteCount)
    if options.zstdLevel == nil {
      try OutputDirectory.requireRoom(forBytes: byteCount, in: directory)
    }
    if options.layout == .version0Direct, case .tree(let tree)? = items.first?.content {
      // In this layout the tree's own metadata are those of the checkpoint.
      try writer.write(tree, to: directory)
    } else {
      for (name, item) in items { try writer.write(item, named: name, in: directory) }
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
