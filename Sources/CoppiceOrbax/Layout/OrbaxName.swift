import CoppiceFiles

/// The names that Orbax gives to files and directories.
enum OrbaxName {
  /// The file that marks the V1 layout; it is empty.
  static let marker = "orbax.checkpoint"
  static let checkpointMetadata = "_CHECKPOINT_METADATA"
  static let commitMarker = "commit_success.txt"

  static let treeMetadata = "_METADATA"
  static let strings = "_strings.json"
  static let sharding = "_sharding"
  static let arrayMetadatas = "array_metadatas"
  static let manifest = "manifest.ocdbt"
  /// The msgpack file of versions up to 0.5, and the name that the array handlers give their array.
  static let aggregate = "checkpoint"

  static let metrics = "metrics"
  static let rootMetadata = "metadata"
  /// The JSON file of V0 and of V1.
  static let jsonFiles = ["data.json", "metadata"]

  /// Directories of a checkpoint that aren't items.
  static let reservedDirectories = ["descriptor", "process_metadata"]

  /// Returns whether a name is that of one process's own OCDBT database.
  static func isProcessDatabase(_ name: String) -> Bool {
    let prefix = "ocdbt.process_"
    return name.utf8.starts(with: prefix.utf8) && name.utf8.count > prefix.utf8.count
  }

  /// Returns whether a directory was left by an interrupted save.
  ///
  /// Such names are `<name>.orbax-checkpoint-tmp`, followed by `-<time>` or `-<counter>` in older
  /// versions.
  static func isTemporary(_ name: String) -> Bool { name.contains(".orbax-checkpoint-tmp") }

  /// Returns whether a directory is, or holds, a partial save that was not finalised.
  static func isPartialSave(_ name: String) -> Bool {
    name.contains(".partial_save.pending_") || name.hasSuffix(".partial_save")
  }

  /// Returns whether a file in an item's directory says nothing about the item.
  static func isBookkeeping(_ name: String) -> Bool {
    name == commitMarker || name == checkpointMetadata || name == DeletionRecord.fileName
      || name.utf8.first == 0x2E
  }

  /// Returns whether Orbax itself uses a name in an item's directory.
  static func isReservedInItem(_ name: String) -> Bool {
    [
      treeMetadata, strings, sharding, arrayMetadatas, manifest, aggregate, commitMarker,
      checkpointMetadata, marker, "d",
    ].contains(name) || isProcessDatabase(name)
  }

  /// Returns whether a checkpointable to be written may have a name.
  ///
  /// It becomes a directory, and Orbax reserves some names.
  static func canNameItem(_ name: String) -> Bool {
    let parts = (try? RelativePath(checking: name))?.components ?? []
    return parts.count == 1
      && ![metrics, "AUTO", DeletionRecord.fileName].contains(name)
      && !isReservedInItem(name) && !reservedDirectories.contains(name) && !isTemporary(name)
      && !isPartialSave(name) && !isBookkeeping(name)
  }
}
