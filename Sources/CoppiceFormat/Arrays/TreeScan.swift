import CoppiceJSON
package import CoppiceModel

/// A tree document in the spelling of this version's writers, read in one pass.
///
/// The scan accepts nothing that the full reader refuses. For rare or invalid input it gives up,
/// and the full reader then reads the document or reports the fault. Shards and blocks are not
/// checked here.
package struct TreeScan {
  /// The document without its tree.
  package let document: TreeDocument
  /// The scanner, positioned before the tree.
  private var scanner: CanonicalScanner
  private let limits: ReadLimits

  /// Reads everything before the tree.
  package init?(_ bytes: [UInt8], limits: ReadLimits) {
    // A smaller depth would also limit members outside the tree; the full reader handles that.
    guard bytes.count <= limits.documentBytes, limits.depth >= 8 else { return nil }
    self.limits = limits
    scanner = CanonicalScanner(bytes)
    do throws(CanonicalScanner.Deviation) {
      document = try TreeDocument(scanning: &scanner, limits: limits)
    } catch {
      return nil
    }
  }

  /// Reads the tree and the rest of the document; `nil` where the scan gives up.
  ///
  /// - Parameter leaf: Makes the leaf of an ordinal that the document describes.
  package mutating func tree(_ leaf: (Int) -> ArrayLeaf) -> Tree<ArrayLeaf>? {
    do throws(CanonicalScanner.Deviation) {
      var nodes = NodeScanner(describedLeaves: document.leaves.count, limits: limits)
      let tree = try nodes.read(&scanner, leaf)
      try scanner.expect(",\"version\":")
      guard nodes.leafCount == document.leaves.count,
        try scanner.string() == FormatVersion.current.description
      else { return nil }
      try scanner.expect("}\n")
      return scanner.isAtEnd ? tree : nil
    } catch {
      return nil
    }
  }
}

extension TreeDocument {
  fileprivate init(
    scanning scanner: inout CanonicalScanner, limits: ReadLimits
  ) throws(CanonicalScanner.Deviation) {
    let unknown = UnknownMembers(areRefused: true)
    try scanner.expect("{\"files\":[{\"blocks\":")
    let blocks = try BlockColumns(scanning: &scanner)
    try scanner.expect(",\"size\":")
    var files = [DataFile(size: try scanner.integer())]
    try scanner.expect(",\"structure_digest\":")
    let digest = Digest(bits: try scanner.hex64())
    try scanner.expect("}")
    var further: [JSONNode] = []
    while scanner.take(",") { further.append(try scanner.value(limits: limits)) }
    try scanner.expect("],\"format\":\"coppice.tree\"")
    let hasGlobalViews = !scanner.take(",\"global_views\":false")
    try scanner.expect(",\"leaves\":")
    let start = scanner.place
    var leaves = LeafTable(scanning: &scanner, limits: limits)
    var leafNode: JSONNode?
    if leaves == nil {
      scanner.rewind(to: start)
      leafNode = try scanner.value(limits: limits)
    }
    let meshesNode = scanner.take(",\"meshes\":") ? try scanner.value(limits: limits) : nil
    let pieceNode =
      scanner.take(",\"piece_size\":") ? try scanner.value(limits: limits) : nil
    let placementsNode =
      scanner.take(",\"placements\":") ? try scanner.value(limits: limits) : nil
    let shardingsNode =
      scanner.take(",\"shardings\":") ? try scanner.value(limits: limits) : nil
    try scanner.expect(",\"tree\":")
    do throws(CoppiceError) {
      let pieceSize = try Self.pieceSize(pieceNode)
      let shardings = try Self.shardings(shardingsNode, meshes: meshesNode, unknown)
      for node in further {
        files.append(try DataFile(node, number: files.count, unknown: unknown))
      }
      var faults: [CoppiceError] = []
      if let leafNode {
        leaves = try LeafTable(
          leafNode, shardings: shardings, unknown: unknown, limits: limits, faults: &faults)
      }
      if let leaves, faults.isEmpty,
        shardingsNode == nil || leaves.kinds.contains(where: { $0.sharding != nil })
      {
        self.init(tree: .dict([]), leaves: leaves, shardings: shardings)
        self.pieceSize = pieceSize
        self.hasGlobalViews = hasGlobalViews
        self.files = files
        index = FileIndex(structureDigest: digest, blocks: blocks)
        try readPlacements(placementsNode)
        if placeFaults.isEmpty, placementFaults(fileCount: files.count).isEmpty { return }
      }
    } catch {
      throw CanonicalScanner.Deviation()
    }
    throw CanonicalScanner.Deviation()
  }
}

extension LeafTable {
  /// Reads leaves that have only dtype, shape and storage; `nil` where one has more members.
  fileprivate init?(scanning scanner: inout CanonicalScanner, limits: ReadLimits) {
    self.init()
    do throws(CanonicalScanner.Deviation) {
      try scanner.expect("[")
      if scanner.take("]") { return }
      var known: [(text: Range<Int>, kind: Int)] = []
      repeat {
        // Most leaves of a large tree have the same text.
        if let same = known.last(where: { scanner.takeAgain($0.text) }) {
          append(kind: same.kind)
          continue
        }
        let start = scanner.place
        append(try LeafRecord(scanning: &scanner, limits: limits))
        if known.count == 8 { known.removeFirst() }
        known.append((start..<scanner.place, kind(of: count - 1)))
      } while scanner.take(",")
      try scanner.expect("]")
    } catch {
      return nil
    }
  }
}

extension LeafRecord {
  fileprivate init(
    scanning scanner: inout CanonicalScanner, limits: ReadLimits
  ) throws(CanonicalScanner.Deviation) {
    try scanner.expect("{\"dtype\":")
    let dtype = DType(rawValue: try scanner.string())
    try scanner.expect(",\"shape\":")
    let shape = Shape(try scanner.integerColumn())
    try scanner.expect(",\"storage\":")
    let storage: LeafStorage
    switch try scanner.string() {
    case "contiguous": storage = .contiguous
    case "packed": storage = .packed
    case "none": storage = .none
    default: throw CanonicalScanner.Deviation()
    }
    try scanner.expect("}")
    guard let dtype, let shape, shape.rank <= limits.rank, shape.isInFormat,
      (storage == .none) == (shape.elementCount == 0)
    else { throw CanonicalScanner.Deviation() }
    self.init(dtype: dtype, shape: shape, storage: storage)
  }
}
