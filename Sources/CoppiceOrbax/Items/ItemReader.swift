import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// A reader of one checkpoint's items, each of which is a directory or the checkpoint itself.
struct ItemReader: Sendable {
  /// Whether the checkpoint may be of a version that wrote no `_METADATA` for trees.
  let mayLackMetadata: Bool
  let limits: ReadLimits
  /// Whether lost documents are left out, where the rest can be found without them.
  let salvages: Bool

  /// An item, with the user's own metadata if it is a tree.
  struct Opened {
    var item: OpenedCheckpointable
    var treeCustom: JSON?
  }

  /// Reads the contents of a directory.
  ///
  /// - Returns: `nil` when the directory is empty.
  func read(
    _ listing: OrbaxListing, _ content: ItemContent
  ) throws(CoppiceError) -> Opened? {
    switch content {
    case .tree(let source):
      var warnings: [CoppiceError] = []
      let item = try TreeItem(listing, source, reader: self, warnings: &warnings)
      var opened = OpenedCheckpointable(.tree(item.tree))
      opened.warnings = warnings
      return Opened(item: opened, treeCustom: item.custom)
    case .json(let file):
      let json = try JSONDocument(in: listing.directory, file, limits: limits).root.json
      return Opened(item: OpenedCheckpointable(.json(json)))
    case .composite(let names):
      return Opened(item: OpenedCheckpointable(.composite(try composite(names, in: listing))))
    case .files: return Opened(item: OpenedCheckpointable(.files(try files(listing))))
    case .empty: return nil
    case .lost(let hint): throw Self.lost(hint, listing)
    }
  }

  /// Lists an item, which is opened on demand.
  ///
  /// - Parameter listing: Lists the item's directory.
  func item(
    _ name: String, _ hint: HandlerHint?, in parent: OrbaxListing
  ) -> NamedCheckpointable {
    let look = {
      @Sendable () throws(CoppiceError) -> (listing: OrbaxListing, content: ItemContent) in
      let below = try parent.below(name)
      return (below, try ItemContent(of: below, hint: hint))
    }
    return NamedCheckpointable(name) {
      (try? look())?.content.kind
    } fault: { () throws(CoppiceError) in
      do throws(CoppiceError) {
        let (listing, content) = try look()
        guard case .lost(let hint) = content else { return nil }
        return Self.lost(hint, listing)
      } catch {
        guard error.code.isInputFault else { throw error }
        return error
      }
    } open: { () throws(CoppiceError) in
      let (listing, content) = try look()
      // A stateful object may have saved nothing.
      guard let opened = try read(listing, content) else {
        return OpenedCheckpointable(.files([]))
      }
      var item = opened.item
      if opened.treeCustom != nil { item.warnings.append(Self.droppedCustom(of: listing)) }
      return item
    }
  }

  /// Lists the items of an item, without the empty ones.
  private func composite(
    _ names: [String], in listing: OrbaxListing
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    var items: [NamedCheckpointable] = []
    for name in names where try !ItemContent.isEmpty(name, nil, in: listing) {
      items.append(item(name, nil, in: listing))
    }
    return items
  }

  /// Returns the warning that a tree's own metadata can't be carried over.
  private static func droppedCustom(of listing: OrbaxListing) -> CoppiceError {
    CoppiceError(
      .orbaxMetadataDropped,
      "the custom metadata of this one tree are not read; those of the checkpoint are",
      at: .init(
        file: listing.directory.displayName(OrbaxName.treeMetadata), pointer: "/custom_metadata"))
  }

  /// Returns all files of an item except Orbax's own, with their paths inside it.
  private func files(_ listing: OrbaxListing) throws(CoppiceError) -> [CheckpointFile] {
    let own = [OrbaxName.commitMarker, OrbaxName.checkpointMetadata]
    var files: [CheckpointFile] = []
    try add(listing, "", below: listing.directory, depth: limits.depth, to: &files)
    return files.filter { !own.contains($0.path) }
  }

  private func add(
    _ listing: OrbaxListing, _ prefix: String, below root: DirectoryHandle, depth: Int,
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

  private static func lost(_ hint: HandlerHint, _ listing: OrbaxListing) -> CoppiceError {
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
