import CoppiceFiles
import CoppiceModel

/// The kind of content of an item's directory, judged by the names in it.
enum ItemContent {
  /// A tree, with the source of its structure.
  case tree(StructureSource)
  /// A JSON document in a file of this name.
  case json(file: String)
  /// Items of its own, by name.
  case composite([String])
  /// Files that Orbax doesn't interpret either.
  case files
  /// Nothing beside commit markers.
  case empty
  /// A damaged item: only other files of an item of this kind are left.
  case lost(HandlerHint)

  /// The source of a tree's structure.
  enum StructureSource {
    /// `_METADATA`.
    case metadata
    /// The msgpack file `checkpoint`.
    case aggregate
    /// The arrays' own names.
    case names
  }

  /// The kind of the checkpointable; `nil` for one that holds nothing.
  var kind: Checkpointable.Kind? {
    switch self {
    case .tree, .lost(.tree): .tree
    case .json, .lost(.json): .json
    case .composite, .lost(.composite): .composite
    case .files, .lost: .files
    case .empty: nil
    }
  }

  /// Returns whether an item is empty; one that can't be opened is not.
  ///
  /// - Throws: `io.*`.
  static func isEmpty(
    _ name: String, _ hint: HandlerHint?, in listing: OrbaxListing
  ) throws(CoppiceError) -> Bool {
    do throws(CoppiceError) {
      guard case .empty = try ItemContent(of: try listing.below(name), hint: hint) else {
        return false
      }
      return true
    } catch {
      guard error.code.isInputFault else { throw error }
      return false
    }
  }

  /// Whether this is certainly Orbax's: a tree, or items of which one is a tree.
  var isTree: Bool { if case .tree = self { true } else { false } }
}

extension ItemContent {
  /// Classifies a directory.
  ///
  /// - Throws: `io.*`; `file.symlink`.
  init(
    of listing: OrbaxListing, hint: HandlerHint?, depth: Int = ItemContent.depthLimit
  ) throws(CoppiceError) {
    if listing.hasFile(OrbaxName.treeMetadata) {
      self = .tree(.metadata)
    } else if hint == .opaque {
      self = .files
    } else if hint != .json, try Self.hasAggregate(listing) {
      self = .tree(.aggregate)
    } else if hint != .json, try Self.hasArrays(listing) {
      self = .tree(.names)
    } else {
      self = try Self.plain(listing, hint, depth)
    }
  }

  /// The depth to which items are looked for within items; deeper directories are files.
  static let depthLimit = 4

  /// Returns whether the msgpack file of old versions is there.
  ///
  /// A text file of the same name is TensorFlow's.
  private static func hasAggregate(_ listing: OrbaxListing) throws(CoppiceError) -> Bool {
    guard listing.hasFile(OrbaxName.aggregate) else { return false }
    let file = try listing.directory.open(OrbaxName.aggregate)
    guard file.byteCount > 0 else { return true }
    return try file.bytes(at: 0, count: 1)[0] >= 0x80
  }

  /// Returns whether there are arrays, or signs that there were.
  private static func hasArrays(_ listing: OrbaxListing) throws(CoppiceError) -> Bool {
    if hasTraces(listing) { return true }
    // Where arrays are directories, every directory is an array.
    for name in listing.directories.prefix(16) where !listing.isUnresolvedLink(name) {
      if try isArray(name, in: listing) { return true }
    }
    return false
  }

  /// Returns whether the directory has files that only trees have.
  static func hasTraces(_ listing: OrbaxListing) -> Bool {
    if [OrbaxName.manifest, OrbaxName.sharding, OrbaxName.strings].contains(where: listing.hasFile)
    {
      return true
    }
    return listing.hasDirectory(OrbaxName.arrayMetadatas)
      || listing.directories.contains(where: OrbaxName.isProcessDatabase)
  }

  /// Returns whether a directory is a zarr array.
  static func isArray(_ name: String, in listing: OrbaxListing) throws(CoppiceError) -> Bool {
    if try listing.directory.hasFile(name + "/.zarray") { return true }
    return try listing.directory.hasFile(name + "/zarr.json")
  }

  /// Classifies a directory without arrays: JSON, items within, or files.
  private static func plain(
    _ listing: OrbaxListing, _ hint: HandlerHint?, _ depth: Int
  ) throws(CoppiceError) -> ItemContent {
    let files = listing.files.filter { !OrbaxName.isBookkeeping($0) }
    let directories = listing.directories.filter { !OrbaxName.isBookkeeping($0) }
    switch hint {
    case .tree: return .lost(.tree)
    case .json:
      if let known = OrbaxName.jsonFiles.first(where: listing.hasFile) { return .json(file: known) }
      return files.count == 1 ? .json(file: files[0]) : .lost(.json)
    case .unknown: break
    default:
      if directories.isEmpty, files.count == 1, OrbaxName.jsonFiles.contains(files[0]) {
        return .json(file: files[0])
      }
    }
    if files.isEmpty, directories.isEmpty {
      return hint == .composite ? .lost(.composite) : .empty
    }
    if files.isEmpty, depth > 0, try Self.areItems(directories, listing, depth - 1) {
      return .composite(directories)
    }
    return .files
  }

  private static func areItems(
    _ names: [String], _ listing: OrbaxListing, _ depth: Int
  ) throws(CoppiceError) -> Bool {
    for name in names {
      if listing.isUnresolvedLink(name) { return false }
      switch try ItemContent(of: try listing.below(name), hint: nil, depth: depth) {
      case .tree, .json, .composite: continue
      case .files, .empty, .lost: return false
      }
    }
    return true
  }
}
