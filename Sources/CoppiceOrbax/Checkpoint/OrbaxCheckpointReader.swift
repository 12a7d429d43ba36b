import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// A reader of one checkpoint: V1, V0 composite, or V0 direct.
struct OrbaxCheckpointReader {
  private let listing: OrbaxListing
  private let metadata: OrbaxCheckpointMetadata
  private let isV1: Bool
  private let limits: ReadLimits
  private let items: ItemReader
  private var warnings: [CoppiceError] = []

  /// Reads a checkpoint's own metadata.
  ///
  /// - Parameter salvages: Whether a lost or damaged list of items is left out.
  init(_ listing: OrbaxListing, limits: ReadLimits, salvages: Bool) throws(CoppiceError) {
    self.listing = listing
    self.limits = limits
    isV1 = listing.hasFile(OrbaxName.marker)
    var found: OrbaxCheckpointMetadata?
    do throws(CoppiceError) {
      found = try Self.metadata(listing, isV1: isV1, limits)
    } catch {
      guard salvages, error.code.isInputFault else { throw error }
      warnings.append(
        CoppiceError(
          .orbaxMetadataDropped,
          "the list of items can't be read, so every directory is taken for one: \(error.message)",
          at: error.location))
    }
    metadata = found ?? OrbaxCheckpointMetadata()
    // `_METADATA` is written since 0.4.3, `_CHECKPOINT_METADATA` only since 0.5.20.
    items = ItemReader(
      mayLackMetadata: !listing.hasFile(OrbaxName.checkpointMetadata), limits: limits,
      salvages: salvages)
  }

  /// Reads `_CHECKPOINT_METADATA`; returns `nil` for a checkpoint of V0 without it.
  private static func metadata(
    _ listing: OrbaxListing, isV1: Bool, _ limits: ReadLimits
  ) throws(CoppiceError) -> OrbaxCheckpointMetadata? {
    guard listing.hasFile(OrbaxName.checkpointMetadata) else {
      guard isV1 else { return nil }
      throw CoppiceError(
        .orbaxCheckpointMetadata,
        "the file that lists the checkpoint's items is not there; copy it again from where the "
          + "checkpoint was saved",
        at: .init(file: listing.directory.displayName(OrbaxName.checkpointMetadata)))
    }
    return try OrbaxCheckpointMetadata(in: listing.directory, limits: limits)
  }

  /// Returns the checkpoint's contents; array data stay where they are.
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

  /// Whether a save of this kind should have left a commit marker.
  ///
  /// V1 writes one since 0.12.3, and every version records the time when a save ends.
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
    guard let opened = try items.read(listing, content) else { return nil }
    var format = "orbax-v0-direct"
    if case .tree(let source) = content, case .aggregate = source {
      format = "orbax-legacy-aggregate"
    }
    var contents = CheckpointContents(format: format, root: .unnamed(opened.item.value))
    if metadata.custom == nil { contents.custom = opened.treeCustom }
    contents.warnings = warnings + opened.item.warnings
    return contents
  }

  // MARK: Named items

  private mutating func composite() throws(CoppiceError) -> CheckpointContents {
    let deletion = try DeletionRecord(in: listing, limits: limits, warnings: &warnings)
    var named: [NamedCheckpointable] = []
    var metrics: JSON?
    for (name, hint) in try itemNames() where !name.utf8.elementsEqual(deletion.name.utf8) {
      if name == OrbaxName.metrics, try hasMetrics() {
        do throws(CoppiceError) {
          let path = OrbaxName.metrics + "/" + OrbaxName.metrics
          metrics = try JSONDocument(in: listing.directory, path, limits: limits).root.json
        } catch {
          guard error.code.isInputFault else { throw error }
          named.append(Self.faulty(name, error))
        }
        continue
      }
      // A directory that the metadata don't list may be anything.
      if hint == nil, try ItemContent.isEmpty(name, nil, in: listing) { continue }
      named.append(items.item(name, hint, in: listing))
    }
    // Metrics alone make a checkpoint only where nothing else was saved.
    guard !named.isEmpty || (metrics != nil && !hasLostItems) else {
      throw CoppiceError(
        .orbaxEmpty, "the checkpoint has no items; its directories may have been lost in copying",
        at: .init(file: listing.directory.displayName("")))
    }
    var contents = CheckpointContents(
      format: isV1 ? "orbax-v1" : "orbax-v0-composite", root: .named(named))
    contents.metrics = metrics
    contents.warnings = warnings
    contents.hidden = deletion.hidden
    return contents
  }

  private func hasMetrics() throws(CoppiceError) -> Bool {
    do throws(CoppiceError) {
      return try listing.directory.kind(of: OrbaxName.metrics + "/" + OrbaxName.metrics) != nil
    } catch {
      guard error.code.isInputFault else { throw error }
      return false
    }
  }

  /// Lists an item that is known to be damaged.
  private static func faulty(_ name: String, _ fault: CoppiceError) -> NamedCheckpointable {
    NamedCheckpointable(name) {
      .json
    } fault: {
      fault
    } open: { () throws(CoppiceError) in
      throw fault
    }
  }

  /// Whether an item that the metadata list is gone: the user may have deleted it.
  private var hasLostItems: Bool { warnings.contains { $0.code == .orbaxItemAbsent } }

  /// Returns the items that are there, in the order of the metadata, then the unlisted ones.
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
          if listing.hasFile(handler.name) {
            // The directory's name is that of a file; opening the item reports that.
            names.append(handler)
            continue
          }
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

  private mutating func warn(_ code: CoppiceError.Code, _ name: String, _ message: String) {
    warnings.append(
      CoppiceError(code, message, at: .init(file: listing.directory.displayName(name))))
  }
}
