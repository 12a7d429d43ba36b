import CoppiceFiles
import CoppiceModel
import SystemPackage

/// The kind of a directory, judged by the names in it.
enum Layout: Hashable {
  /// One checkpoint.
  case checkpoint
  /// A run.
  case steps
  /// The files of an interrupted save, or a partial save that wasn't finalised.
  case incomplete
  /// A directory that isn't Orbax's.
  case other
}

extension Layout {
  /// Classifies a directory.
  init(of listing: OrbaxListing) throws(CoppiceError) {
    let name = listing.directory.path.lastComponent?.string ?? ""
    let isRoot = listing.directory.displayName("").isEmpty
    if isRoot, OrbaxName.isTemporary(name) || OrbaxName.isPartialSave(name) {
      self = try Self.hasUnfinishedItems(listing) ? .incomplete : .other
    } else if listing.hasFile(OrbaxName.checkpointMetadata) || listing.hasFile(OrbaxName.marker) {
      self = .checkpoint
    } else {
      self = try Self.unmarked(listing)
    }
  }

  /// Returns whether a temporary directory has anything of Orbax's in it.
  private static func hasUnfinishedItems(_ listing: OrbaxListing) throws(CoppiceError) -> Bool {
    listing.directories.contains { !$0.isEmpty } || listing.hasFile(OrbaxName.treeMetadata)
  }

  /// Classifies a directory without the files that mark checkpoints since 0.5.20.
  private static func unmarked(_ listing: OrbaxListing) throws(CoppiceError) -> Layout {
    switch try ItemContent(of: listing, hint: nil) {
    case .tree: return .checkpoint
    case .json(let file): return try isJSON(file, in: listing) ? .checkpoint : .other
    case .composite, .files, .empty, .lost: break
    }
    if try RootMetadata.exists(in: listing), try !hasItems(listing) { return .steps }
    let steps = listing.directories.filter { name in
      OrbaxStepName.number(name) != nil && !listing.isUnresolvedLink(name)
    }
    for name in steps where try isMarked(name, in: listing) { return .steps }
    if try hasItems(listing) { return .checkpoint }
    for name in steps where try isCheckpoint(name, in: listing) { return .steps }
    return .other
  }

  /// Returns whether a file begins as a JSON container does: weak evidence, but the only one.
  private static func isJSON(_ file: String, in listing: OrbaxListing) throws(CoppiceError) -> Bool
  {
    let file = try listing.directory.open(file)
    guard file.byteCount > 0 else { return false }
    return [0x7B, 0x5B].contains(try file.bytes(at: 0, count: 1)[0])
  }

  private static func isMarked(_ name: String, in listing: OrbaxListing) throws(CoppiceError)
    -> Bool
  {
    if try listing.directory.hasFile(name + "/" + OrbaxName.checkpointMetadata) { return true }
    return try listing.directory.hasFile(name + "/" + OrbaxName.marker)
  }

  /// Returns whether there are trees in directories that aren't steps: a composite of old versions.
  private static func hasItems(_ listing: OrbaxListing) throws(CoppiceError) -> Bool {
    let names = listing.directories.filter { name in
      OrbaxStepName.number(name) == nil && !OrbaxName.isTemporary(name)
        && !listing.isUnresolvedLink(name)
    }
    // A checkpoint has few items, but the caller may pass a directory with thousands of names.
    for name in names.prefix(64) {
      if try isMarked(name, in: listing) { continue }
      if try ItemContent(of: try listing.below(name), hint: nil).isTree { return true }
    }
    return false
  }

  /// Returns whether a directory holds a step of old versions: a tree, or a composite.
  private static func isCheckpoint(
    _ name: String, in listing: OrbaxListing
  ) throws(CoppiceError) -> Bool {
    let step = try listing.below(name)
    if try ItemContent(of: step, hint: nil).isTree { return true }
    return try hasItems(step)
  }
}
