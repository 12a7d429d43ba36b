import CoppiceModel
import FileAccess
import StrictJSON

/// Reads items of one checkpoint: each a directory, or the checkpoint's own.
struct ItemReader {
  /// Whether the checkpoint may be of a version that wrote no `_METADATA` for trees.
  let mayLackMetadata: Bool
  let limits: ReadLimits
  private(set) var warnings: [CoppiceError] = []

  /// The user's own metadata of the tree that was read last.
  private(set) var treeCustom: JSON?

  init(mayLackMetadata: Bool, limits: ReadLimits) {
    self.mayLackMetadata = mayLackMetadata
    self.limits = limits
  }

  /// Reads what a directory holds.
  ///
  /// - Returns: `nil` when there is nothing in it.
  mutating func read(
    _ listing: Listing, _ content: ItemContent
  ) throws(CoppiceError) -> Checkpointable? {
    treeCustom = nil
    switch content {
    case .tree(let source):
      let item = try TreeItem(
        listing, source, mayLackMetadata: mayLackMetadata, limits: limits, warnings: &warnings)
      treeCustom = item.custom
      return .tree(item.tree)
    case .json(let file):
      return .json(try JSONDocument(in: listing.directory, file, limits: limits).root.json)
    case .composite(let names):
      var items: [NamedCheckpointable] = []
      for name in names {
        let below = try listing.below(name)
        let content = try ItemContent(of: below, hint: nil)
        if let item = try read(below, content) { items.append(.init(name, item)) }
      }
      treeCustom = nil
      return .composite(items)
    case .files: return .files(try files(listing))
    case .empty: return nil
    case .lost(let hint): throw lost(hint, listing)
    }
  }

  /// The warning that a tree's own metadata find no place.
  mutating func warnOfTreeCustom(_ place: String) {
    guard treeCustom != nil else { return }
    warnings.append(
      CoppiceError(
        .orbaxMetadataDropped,
        "the custom metadata of this one tree are not read; those of the checkpoint are",
        at: .init(file: place, pointer: "/custom_metadata")))
  }

  /// All files of an item but Orbax's own, with their paths inside it.
  private func files(_ listing: Listing) throws(CoppiceError) -> [CheckpointFile] {
    let own = [OrbaxName.commitMarker, OrbaxName.checkpointMetadata]
    var files: [CheckpointFile] = []
    try add(listing, "", below: listing.directory, depth: limits.depth, to: &files)
    return files.filter { !own.contains($0.path) }
  }

  private func add(
    _ listing: Listing, _ prefix: String, below root: DirectoryHandle, depth: Int,
    to files: inout [CheckpointFile]
  ) throws(CoppiceError) {
    for name in listing.files {
      let path = prefix + name
      files.append(CheckpointFile(path: path, bytes: try StoredFile(path, in: root)))
    }
    for name in listing.directories {
      guard depth > 0 else {
        throw CoppiceError(
          .orbaxLimit, "directories are nested deeper than \(limits.depth)",
          at: .init(file: listing.directory.displayName(name)))
      }
      try add(
        try listing.below(name), prefix + name + "/", below: root, depth: depth - 1, to: &files)
    }
  }

  private func lost(_ hint: HandlerHint, _ listing: Listing) -> CoppiceError {
    switch hint {
    case .json:
      CoppiceError(
        .orbaxMissingJSON,
        "the item is a JSON document by the checkpoint's metadata, but its file is not there; "
          + "the checkpoint is incomplete",
        at: .init(file: listing.directory.displayName(OrbaxName.jsonFiles[0])))
    default:
      CoppiceError(
        .orbaxMissingMetadata,
        "the item is a tree by the checkpoint's metadata, but its files are not there; "
          + "the checkpoint is incomplete",
        at: .init(file: listing.directory.displayName(OrbaxName.treeMetadata)))
    }
  }
}
