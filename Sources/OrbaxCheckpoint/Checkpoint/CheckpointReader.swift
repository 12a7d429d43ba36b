import CoppiceModel
import FileAccess
import StrictJSON

/// Reads one checkpoint: V1, V0 composite, or V0 direct.
struct CheckpointReader {
  private let listing: Listing
  private let metadata: CheckpointMetadata
  private let isV1: Bool
  private let limits: ReadLimits
  private var items: ItemReader

  /// Reads what a checkpoint says of itself.
  init(_ listing: Listing, limits: ReadLimits) throws(CoppiceError) {
    let hasMetadata = listing.hasFile(OrbaxName.checkpointMetadata)
    isV1 = listing.hasFile(OrbaxName.marker)
    guard hasMetadata || !isV1 else {
      throw CoppiceError(
        .orbaxCheckpointMetadata,
        "the file that lists the checkpoint's items is not there; copy it again from where the "
          + "checkpoint was saved",
        at: .init(file: listing.directory.displayName(OrbaxName.checkpointMetadata)))
    }
    metadata =
      hasMetadata
      ? try CheckpointMetadata(in: listing.directory, limits: limits) : CheckpointMetadata()
    self.listing = listing
    self.limits = limits
    // `_METADATA` is written since 0.4.3, `_CHECKPOINT_METADATA` only since 0.5.20.
    items = ItemReader(mayLackMetadata: !hasMetadata, limits: limits)
  }

  /// The checkpoint's contents; array data stay where they are.
  consuming func contents() throws(CoppiceError) -> CheckpointContents {
    var contents: CheckpointContents
    if let whole = try direct() { contents = whole } else { contents = try composite() }
    contents.initTime = metadata.initTime
    contents.commitTime = metadata.commitTime
    contents.custom = metadata.custom ?? contents.custom
    contents.metrics = contents.metrics ?? metadata.metrics
    if !listing.hasFile(OrbaxName.commitMarker), lacksCommitMarker {
      contents.warnings.append(
        CoppiceError(
          .orbaxNoCommitMarker,
          "the commit marker is not there: written by Orbax before 0.12.3, or lost in copying; "
            + "check that the copy is whole",
          at: .init(file: listing.directory.displayName(OrbaxName.commitMarker))))
    }
    return contents
  }

  /// Whether a commit marker should be there: V1 writes one since 0.12.3, and no version ends a
  /// save without its time.
  private var lacksCommitMarker: Bool {
    isV1 || (metadata.handlers != nil && metadata.commitTime == nil)
  }

  // MARK: One item without a name

  private mutating func direct() throws(CoppiceError) -> CheckpointContents? {
    let content: ItemContent
    switch metadata.handlers {
    case .named: return nil
    case .direct(let hint): content = try ItemContent(of: listing, hint: hint)
    case nil:
      content = try ItemContent(of: listing, hint: nil)
      switch content {
      case .tree, .json: break
      case .composite, .files, .empty, .lost: return nil
      }
    }
    guard let item = try items.read(listing, content) else { return nil }
    var format = "orbax-v0-direct"
    if case .tree(let source) = content, case .aggregate = source {
      format = "orbax-legacy-aggregate"
    }
    var contents = CheckpointContents(format: format, root: .unnamed(item))
    if metadata.custom == nil { contents.custom = items.treeCustom }
    contents.warnings = items.warnings
    return contents
  }

  // MARK: Named items

  private mutating func composite() throws(CoppiceError) -> CheckpointContents {
    var named: [NamedCheckpointable] = []
    var metrics: JSON?
    for (name, hint) in try itemNames() {
      let below = try listing.below(name)
      if name == OrbaxName.metrics, below.hasFile(OrbaxName.metrics) {
        let path = OrbaxName.metrics
        metrics = try JSONDocument(in: below.directory, path, limits: limits).root.json
        continue
      }
      guard let item = try items.read(below, try ItemContent(of: below, hint: hint)) else {
        // A stateful object may have nothing to say; a directory that nothing lists may be anything.
        if hint != nil { named.append(.init(name, .files([]))) }
        continue
      }
      items.warnOfTreeCustom(below.directory.displayName(OrbaxName.treeMetadata))
      named.append(.init(name, item))
    }
    // Metrics alone are a checkpoint only where nothing else was saved.
    guard !named.isEmpty || (metrics != nil && !hasLostItems) else {
      throw CoppiceError(
        .orbaxEmpty, "the checkpoint has no items; its directories may have been lost in copying",
        at: .init(file: listing.directory.displayName("")))
    }
    var contents = CheckpointContents(
      format: isV1 ? "orbax-v1" : "orbax-v0-composite", root: .named(named))
    contents.metrics = metrics
    contents.warnings = warnings + items.warnings
    return contents
  }

  private var warnings: [CoppiceError] = []

  /// Whether an item that the metadata list is gone: its owner may have deleted it.
  private var hasLostItems: Bool { warnings.contains { $0.code == .orbaxItemAbsent } }

  /// The items that are there, in the order of the metadata, with those that these don't list.
  private mutating func itemNames() throws(CoppiceError) -> [(name: String, hint: HandlerHint?)] {
    let directories = listing.directories.filter { name in
      !OrbaxName.isBookkeeping(name) && !OrbaxName.reservedDirectories.contains(name)
    }
    var present = Set(directories.map { TreeKey.string($0) })
    var names: [(name: String, hint: HandlerHint?)] = []
    if case .named(let handlers) = metadata.handlers {
      for handler in handlers {
        if present.remove(.string(handler.name)) != nil {
          names.append(handler)
        } else if !OrbaxName.reservedDirectories.contains(handler.name) {
          guard !listing.hasFile(handler.name) else { throw noDirectory(handler.name) }
          warn(
            .orbaxItemAbsent, OrbaxName.checkpointMetadata,
            "the item \"\(handler.name.printable)\" is listed, but has no directory; it is left out"
          )
        }
      }
    }
    let isListed = !names.isEmpty
    for name in directories where present.contains(.string(name)) {
      if OrbaxName.isTemporary(name) {
        warn(.orbaxTemporary, name, "what an interrupted save left; it is passed over")
        continue
      }
      var isItem = !isListed || name == OrbaxName.metrics
      if !isItem { isItem = try listing.directory.hasFile(name + "/" + OrbaxName.treeMetadata) }
      if isItem {
        names.append((name, nil))
      } else {
        warn(.orbaxUnlisted, name, "the directory is not listed as an item; it is passed over")
      }
    }
    return names
  }

  private func noDirectory(_ name: String) -> CoppiceError {
    CoppiceError(
      .fileKind,
      "the item's directory is a file; if it was a symbolic link, copy what it led to in its place",
      at: .init(file: listing.directory.displayName(name)))
  }

  private mutating func warn(_ code: CoppiceError.Code, _ name: String, _ message: String) {
    warnings.append(
      CoppiceError(code, message, at: .init(file: listing.directory.displayName(name))))
  }
}
