package import CoppiceModel

/// The tree of a set of files, under construction.
package struct OpenedSet<Shard: SetShard> {
  private var entries: [Tree<ArrayLeaf>.Entry] = []
  private var owners: [TreeKey: Int] = [:]
  private var metadata: [JSON.Member] = []
  private var metadataPlaces: [TreeKey: Int] = [:]
  private var hasMetadata = false
  var warnings: [CoppiceError] = []
  private var hasDigests = true

  init() {}

  /// Returns the index of the file that the tensor of a name was added from, or `nil`.
  func shard(of key: TreeKey) -> Int? { owners[key] }

  mutating func add(_ entry: Tree<ArrayLeaf>.Entry, from shard: Int) {
    owners[entry.key] = shard
    entries.append(entry)
  }

  func checkCount(_ limits: ReadLimits, file: String) throws(CoppiceError) {
    guard entries.count <= limits.leaves else {
      throw CoppiceError(
        Shard.codes.limit,
        "the set has more than \(limits.leaves) tensors; no more are read", at: .init(file: file))
    }
  }

  /// Adds a file's tensors that the index doesn't name, with a warning.
  mutating func addRest(
    of shard: Shard, at place: Int, limits: ReadLimits
  ) throws(CoppiceError) {
    var added: [String] = []
    var doubled: [String] = []
    for key in shard.keys {
      switch self.shard(of: key) {
      case place?: break
      case nil:
        guard let entry = try shard.entry(at: key) else { continue }
        add(entry, from: place)
        added.append(TreePath([.key(key)]).description)
      case _?: doubled.append(TreePath([.key(key)]).description)
      }
    }
    try checkCount(limits, file: shard.name)
    if let first = added.first {
      warn(
        Shard.codes.unmappedTensor,
        "\(added.count) of this file's tensors are not in the index, such as "
          + "\"\(first.printable)\"; they are read too", of: shard.name)
    }
    if let first = doubled.first {
      warn(
        Shard.codes.unmappedTensor,
        "\(doubled.count) of this file's tensors are taken from other files, as the index says, "
          + "such as \"\(first.printable)\"; the copies here are not read", of: shard.name)
    }
  }

  /// Merges a file's metadata with those before; the first value of a name is kept.
  mutating func mergeMetadata(of shard: Shard) {
    hasDigests = hasDigests && shard.hasDigests
    guard let metadata = shard.metadata else { return }
    hasMetadata = true
    for member in metadata { merge(member.name, member.value, file: shard.name) }
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
      Shard.codes.metadataDiffers,
      "the metadata value \"\(name.printable)\" differs from an earlier file's, which is kept",
      of: file)
  }

  mutating func warn(_ code: CoppiceError.Code, _ message: String, of file: String?) {
    warnings.append(CoppiceError(code, message, at: .init(file: file)))
  }

  package var contents: CheckpointContents {
    var contents = CheckpointContents(
      format: Shard.codes.format, root: .unnamed(.tree(.dict(entries))))
    if hasMetadata { contents.custom = .object(metadata) }
    contents.hasDigests = hasDigests
    contents.warnings = warnings
    return contents
  }
}
