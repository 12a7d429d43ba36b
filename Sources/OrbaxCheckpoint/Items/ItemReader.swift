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

  private func files(_ listing: Listing) throws(CoppiceError) -> [CheckpointFile] {
    var files: [CheckpointFile] = []
    for path in try listing.directory.allFiles()
    where path != OrbaxName.commitMarker && path != OrbaxName.checkpointMetadata {
      files.append(
        CheckpointFile(path: path, bytes: try StoredFile(path, in: listing.directory)))
    }
    return files
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
