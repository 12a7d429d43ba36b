import CoppiceModel

/// The content of a manifest that the reader needs: the root of the newest version's tree.
struct OCDBTManifest: Sendable {
  /// The way in which a database keeps manifests.
  enum Kind: UInt64, Sendable {
    /// All in `manifest.ocdbt`.
    case single = 0
    /// The configuration in `manifest.ocdbt`, each version's tree in `manifest.<generation>`.
    case numbered = 1
  }

  var kind: Kind
  var maxDecodedNodeBytes: Int
  /// The root of the newest version's tree; `nil` when the database is empty.
  var root: NodeReference?

  /// Reads the body of a manifest.
  init(_ body: [UInt8], at location: CoppiceError.Location) throws(CoppiceError) {
    var cursor = OCDBTCursor(body, what: "manifest", at: location)
    _ = try cursor.range(16)
    let kind = try cursor.varint()
    guard let kind = Kind(rawValue: kind) else {
      throw CoppiceError(
        .ocdbtVersion,
        "the manifest is of kind \(kind), which is not known; it is damaged, or was written by a newer "
          + "TensorStore",
        at: location)
    }
    self.kind = kind
    _ = try cursor.integer()
    maxDecodedNodeBytes = try cursor.integer()
    guard try cursor.byte() < 64 else { throw cursor.malformed("has an impossible arity") }
    switch try cursor.varint() {
    case 0: break
    case 1: _ = try cursor.range(4)
    case let method:
      throw CoppiceError(
        .ocdbtVersion,
        "the manifest's compression \(method) is not known; it is damaged, or was written by a newer "
          + "TensorStore",
        at: location)
    }
    guard kind == .single else {
      try cursor.requireEnd()
      return
    }
    let files = try DataFileTable(&cursor, transitive: [])
    let first = try readVersions(&cursor, files)
    try Self.readVersionNodes(&cursor, files, before: first)
    try cursor.requireEnd()
  }

  /// Reads the versions, of which the last is the newest; returns the oldest one's generation.
  private mutating func readVersions(
    _ cursor: inout OCDBTCursor, _ files: DataFileTable
  ) throws(CoppiceError) -> UInt64 {
    let count = try cursor.count(entryBytes: 16)
    guard count > 0 else { throw cursor.malformed("has no version") }
    let generations = try cursor.wideColumn(count)
    let heights = try cursor.byteColumn(count)
    let fileIndexes = try cursor.column(count)
    let offsets = try cursor.wideColumn(count)
    let lengths = try cursor.wideColumn(count)
    let keyCounts = try cursor.wideColumn(count)
    _ = try cursor.wideColumn(count)
    _ = try cursor.wideColumn(count)
    _ = try cursor.range(8 * count)
    for index in 1..<max(count, 1) where generations[index] <= generations[index - 1] {
      throw cursor.malformed("has versions out of order")
    }
    let last = count - 1
    guard generations[0] > 0 else { throw cursor.malformed("has a version numbered 0") }
    let file = try files.entry(fileIndexes[last], cursor)
    if keyCounts[last] == 0, lengths[last] == 0 || offsets[last] == .max { return generations[0] }
    guard let offset = Int(exactly: offsets[last]), let length = Int(exactly: lengths[last]) else {
      throw cursor.malformed("places the tree's root outside of any file")
    }
    root = NodeReference(
      path: file.path, transitive: file.base, offset: offset, length: length,
      height: Int(heights[last]))
    return generations[0]
  }

  /// Reads and checks the references to older versions, without following them.
  private static func readVersionNodes(
    _ cursor: inout OCDBTCursor, _ files: DataFileTable, before newest: UInt64
  ) throws(CoppiceError) {
    let count = try cursor.count(entryBytes: 14)
    let generations = try cursor.wideColumn(count)
    let fileIndexes = try cursor.column(count)
    for _ in 0..<3 { _ = try cursor.wideColumn(count) }
    _ = try cursor.range(8 * count)
    let heights = try cursor.byteColumn(count)
    for index in 0..<count {
      _ = try files.entry(fileIndexes[index], cursor)
      guard generations[index] < (index + 1 < count ? generations[index + 1] : newest),
        index == 0 || heights[index] < heights[index - 1]
      else { throw cursor.malformed("has version nodes out of order") }
    }
  }
}
