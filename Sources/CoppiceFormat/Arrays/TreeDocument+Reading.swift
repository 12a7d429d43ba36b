import CoppiceJSON
package import CoppiceModel

extension TreeDocument {
  /// Reads the document from its bytes.
  ///
  /// - Parameters:
  ///   - file: The document's name for messages, such as `state/tree.json`.
  ///   - checksForm: Whether to check the canonical form; callers that only load rely on the
  ///     digest.
  ///   - checksStructure: Whether to check shards and blocks; validation does that itself.
  /// - Throws: `json.*`, `versioning.*`, `model.*`, `arrays.*`, `sharding.*`.
  package init(
    parsing bytes: [UInt8], file: String, limits: ReadLimits = .standard,
    checksForm: Bool = false, checksStructure: Bool = true
  ) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, limits: limits.forTreeDocuments)
    var reader = try JSONObjectReader(document.root)
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    if unknown.areRefused, let blocks = reader.optional("blocks") {
      throw blocks.error(
        .versioningCandidate,
        "a draft of version 1.0 wrote this tree, in another form; "
          + "convert the checkpoint to another format by the program that wrote it")
    }
    if checksForm { try document.requireCanonical() }
    let filesNode = try reader.required("files")
    try self.init(structure: &reader, unknown, limits: limits)
    try unknown.check(reader)
    try readFiles(filesNode, unknown)
    placeFaults += placementFaults(fileCount: files.count)
    warnings = unknown.warnings
    version = FormatVersion(try reader.required("version").string()) ?? .current
    guard checksStructure else { return }
    try StructureCheck(self, file: file).run { (error) throws(CoppiceError) in throw error }
  }

  /// Returns the canonical bytes of a document without its files, including members of later
  /// versions.
  ///
  /// Spec: ARR-41.
  package static func structure(
    of bytes: [UInt8], limits: ReadLimits = .standard
  ) throws(CoppiceError) -> [UInt8] {
    let limits = limits.forTreeDocuments
    guard case .object(let members) = try JSONDocument(parsing: bytes, limits: limits).root.json
    else { return [] }
    let rest = members.filter { $0.name != "files" }
    return try CanonicalJSON.encode(.object(rest), limits: limits)
  }

  /// Reads the members that both `tree.json` and its copy in HDF5 have.
  init(
    structure reader: inout JSONObjectReader, _ unknown: UnknownMembers, limits: ReadLimits
  ) throws(CoppiceError) {
    let viewsNode = reader.optional("global_views")
    let leavesNode = try reader.required("leaves")
    _ = try leavesNode.array()
    let meshesNode = reader.optional("meshes")
    let pieceSize = try Self.pieceSize(reader.optional("piece_size"))
    let placementsNode = reader.optional("placements")
    let shardingsNode = reader.optional("shardings")
    let treeNode = try reader.required("tree")
    if let viewsNode, try viewsNode.bool() {
      throw viewsNode.error(.jsonType, "the member is false, or not there")
    }
    let shardings = try Self.shardings(shardingsNode, meshes: meshesNode, unknown)
    var nodes = NodeReader(unknown: unknown, limits: limits)
    let tree = try nodes.read(treeNode)
    guard leavesNode.count == nodes.leafCount else {
      throw leavesNode.error(
        .modelLeafOrder,
        "the tree has \(nodes.leafCount) leaves, but \(leavesNode.count) are described")
    }
    var faults: [CoppiceError] = []
    let leaves = try LeafTable(
      leavesNode, shardings: shardings, unknown: unknown, limits: limits, faults: &faults)
    if let shardingsNode, leaves.kinds.allSatisfy({ $0.sharding == nil }) {
      throw shardingsNode.error(
        .shardingBadSharding, "no leaf has a sharding, so there is no list of them")
    }
    self.init(tree: tree, leaves: leaves, shardings: shardings)
    self.pieceSize = pieceSize
    hasGlobalViews = viewsNode == nil
    placeFaults = faults
    try readPlacements(placementsNode)
  }

  /// Spec: ARR-44.
  static func pieceSize(_ node: JSONNode?) throws(CoppiceError) -> Int? {
    guard let node else { return nil }
    let size = try node.nonNegativeInt()
    guard Pieces.isSize(size) else {
      throw node.error(
        .arraysBadPieceSize, "the size of pieces is a multiple of 16 bytes, and not 0")
    }
    return size
  }

  /// Spec: SHD-3, SHD-16.
  static func shardings(
    _ node: JSONNode?, meshes meshesNode: JSONNode?, _ unknown: UnknownMembers
  ) throws(CoppiceError) -> [Sharding] {
    var meshes: [Mesh] = []
    if let meshesNode {
      for element in try meshesNode.array() {
        meshes.append(try Mesh(element, unknown: unknown))
      }
    }
    var shardings: [Sharding] = []
    var used: Set<Int> = []
    if let node {
      for element in try node.array() {
        shardings.append(try Sharding(element, meshes: meshes, unknown: unknown, used: &used))
      }
    }
    if let meshesNode, used.count < meshes.count || meshes.isEmpty {
      throw meshesNode.error(
        .shardingBadSharding, "there is a list of meshes only where shardings refer to each of them"
      )
    }
    return shardings
  }

  /// Reads the member `files`.
  ///
  /// Spec: ARR-47.
  private mutating func readFiles(
    _ node: JSONNode, _ unknown: UnknownMembers
  ) throws(CoppiceError) {
    for element in try node.array() {
      guard files.isEmpty else {
        files.append(try DataFile(element, number: files.count, unknown: unknown))
        continue
      }
      var reader = try JSONObjectReader(element)
      let blocks = try reader.required("blocks")
      let size = try reader.required("size").nonNegativeInt()
      let digest = Digest(bits: try reader.required("structure_digest").hex64())
      try unknown.check(reader)
      index = FileIndex(structureDigest: digest, blocks: try BlockColumns(blocks, unknown))
      files.append(DataFile(size: size))
    }
    guard !files.isEmpty else {
      throw node.error(.jsonType, "a tree has at least the file arrays.h5")
    }
  }
}

extension LeafTable {
  /// Reads the member `leaves`.
  ///
  /// - Parameter faults: Collects the faults of the shards.
  init(
    _ node: JSONNode, shardings: [Sharding], unknown: UnknownMembers, limits: ReadLimits,
    faults: inout [CoppiceError]
  ) throws(CoppiceError) {
    self.init()
    reserveCapacity(node.count)
    var previous: JSONNode?
    for element in try node.array() {
      // Most leaves of a large tree have the same text, and then share one record.
      if let previous, unknown.areRefused, faults.isEmpty, element.hasSameSource(as: previous) {
        append(kind: kind(of: count - 1))
        continue
      }
      previous = element
      append(
        try LeafRecord(
          element, shardings: shardings, unknown: unknown, limits: limits, faults: &faults))
    }
  }
}

extension ReadLimits {
  /// The limits for tree documents, with five levels of JSON per level of a tree.
  ///
  /// A level of a tree takes up to four levels of JSON; the fifth leaves room for what leaves need.
  ///
  /// Spec: MET-11.
  var forTreeDocuments: ReadLimits {
    var limits = self
    limits.depth = depth * 5
    return limits
  }
}
