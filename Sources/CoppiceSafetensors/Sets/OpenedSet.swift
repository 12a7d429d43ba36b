import CoppiceFiles
import CoppiceModel

/// The tree of a set of files, under construction.
struct OpenedSet {
  private var entries: [Tree<ArrayLeaf>.Entry] = []
  private var owners: [TreeKey: Int] = [:]
  private var metadata: [JSON.Member] = []
  private var metadataPlaces: [TreeKey: Int] = [:]
  private var hasMetadata = false
  var warnings: [CoppiceError] = []

  /// Returns the index of the file that the tensor of a name was added from, or `nil`.
  func shard(of name: String) -> Int? { owners[.string(name)] }

  mutating func add(_ entry: Tree<ArrayLeaf>.Entry, from shard: Int) {
    owners[entry.key] = shard
    entries.append(entry)
  }

  func checkCount(_ limits: ReadLimits, file: String) throws(CoppiceError) {
    guard entries.count <= limits.leaves else {
      throw CoppiceError(
        .safetensorsLimit,
        "the set has more than \(limits.leaves) tensors; no more are read", at: .init(file: file))
    }
  }

  /// Adds a file's tensors that the index doesn't name, with a warning.
  mutating func addRest(
    of shard: OpenedShard, at place: Int, limits: ReadLimits
  ) throws(CoppiceError) {
    var added: [String] = []
    var doubled: [String] = []
    for tensor in shard.header.tensors {
      switch self.shard(of: tensor.name) {
      case place?: break
      case nil:
        add(try shard.entry(tensor), from: place)
        added.append(tensor.name)
      case _?: doubled.append(tensor.name)
      }
    }
    try checkCount(limits, file: shard.file.name)
    if let first = added.first {
      warn(
        .safetensorsUnmappedTensor,
        "\(added.count) of this file's tensors are not in the index, such as "
          + "\"\(first.printable)\"; they are read too", of: shard.file.name)
    }
    if let first = doubled.first {
      warn(
        .safetensorsUnmappedTensor,
        "\(doubled.count) of this file's tensors are taken from other files, as the index says, "
          + "such as \"\(first.printable)\"; the copies here are not read", of: shard.file.name)
    }
  }

  /// Merges a file's metadata with those before; the first value of a name is kept.
  mutating func mergeMetadata(of shard: OpenedShard) {
    guard let pairs = shard.header.metadata else { return }
    hasMetadata = true
    for pair in pairs { merge(pair.name, .string(pair.value), file: shard.file.name) }
  }

  /// Merges the index's metadata with those of the files.
  mutating func mergeMetadata(of index: ShardIndex) {
    for member in index.metadata { merge(member.name, member.value, file: index.name) }
  }

  private mutating func merge(_ name: String, _ value: JSON, file: String) {
    hasMetadata = true
    guard let place = metadataPlaces[.string(name)] else {
      metadataPlaces[.string(name)] = metadata.count
      metadata.append(JSON.Member(name, value))
      return
    }
    guard metadata[place].value != value else { return }
    warn(
      .safetensorsMetadataDiffers,
      "the metadata value \"\(name.printable)\" differs from an earlier file's, which is kept",
      of: file)
  }

  /// Warns about files beside the index that don't belong to the set.
  mutating func warnOfFiles(
    _ listing: SetListing, besides index: ShardIndex, in directory: DirectoryHandle
  ) {
    let named = Set(index.files.map { TreeKey.string($0) })
    for file in listing.files where !named.contains(.string(file)) {
      warn(
        .safetensorsUnlistedFile,
        "the file is not named by \(index.name.printable) and is not read",
        of: directory.displayName(file))
    }
  }

  mutating func warn(_ code: CoppiceError.Code, _ message: String, of file: String?) {
    warnings.append(CoppiceError(code, message, at: .init(file: file)))
  }

  var contents: CheckpointContents {
    var contents = CheckpointContents(
      format: SafetensorsFormat.name, root: .unnamed(.tree(.dict(entries))))
    if hasMetadata { contents.custom = .object(metadata) }
    contents.warnings = warnings
    return contents
  }
}
