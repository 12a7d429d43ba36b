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
    if checksForm { try document.requireCanonical() }
    let blocksNode = try reader.required("blocks")
    let filesNode = try reader.required("files")
    try self.init(structure: &reader, unknown, limits: limits)
    try unknown.check(reader)
    files = try Self.files(filesNode, unknown)
    blocks = try BlockColumns(blocksNode, unknown)
    warnings = unknown.warnings
    version = FormatVersion(try reader.required("version").string()) ?? .current
    guard checksStructure else { return }
    try StructureCheck(self, file: file).run { (error) throws(CoppiceError) in throw error }
  }

  /// Returns the canonical bytes of a document without files and blocks, including members of later
  /// versions.
  ///
  /// Spec: ARR-41.
  package static func structure(
    of bytes: [UInt8], limits: ReadLimits = .standard
  ) throws(CoppiceError) -> [UInt8] {
    let limits = limits.forTreeDocuments
    guard case .object(let members) = try JSONDocument(parsing: bytes, limits: limits).root.json
    else { return [] }
    let rest = members.filter { !["blocks", "files"].contains($0.name) }
    return try CanonicalJSON.encode(.object(rest), limits: limits)
  }

  /// Reads the members that both `tree.json` and its copy in HDF5 have.
  init(
    structure reader: inout JSONObjectReader, _ unknown: UnknownMembers, limits: ReadLimits
  ) throws(CoppiceError) {
    let leavesNode = try reader.required("leaves")
    _ = try leavesNode.array()
    let pieceSize = try Self.pieceSize(reader.optional("piece_size"))
    let shardingsNode = reader.optional("shardings")
    let treeNode = try reader.required("tree")
    let shardings = try Self.shardings(shardingsNode, unknown)
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
    self.init(
      tree: tree, leaves: leaves, shardings: shardings, files: [], blocks: BlockColumns())
    self.pieceSize = pieceSize
    shardFaults = faults
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

  /// Spec: SHD-1.
  static func shardings(
    _ node: JSONNode?, _ unknown: UnknownMembers
  ) throws(CoppiceError) -> [Sharding] {
    var shardings: [Sharding] = []
    guard let node else { return shardings }
    for element in try node.array() {
      shardings.append(try Sharding(element, unknown: unknown))
    }
    return shardings
  }

  /// Spec: ARR-21.
  static func files(
    _ node: JSONNode, _ unknown: UnknownMembers
  ) throws(CoppiceError) -> [ArraysFile] {
    var files: [ArraysFile] = []
    for element in try node.array() {
      var reader = try JSONObjectReader(element)
      let nameNode = try reader.required("name")
      let name = try nameNode.string()
      guard name.utf8.elementsEqual(ArraysFile.name(files.count).utf8) else {
        throw nameNode.error(
          .arraysBadFileName, "file \(files.count) is called \(ArraysFile.name(files.count))")
      }
      let size = try reader.required("size").nonNegativeInt()
      let digest = Digest(bits: try reader.required("structure_digest").hex64())
      try unknown.check(reader)
      files.append(ArraysFile(name: name, size: size, structureDigest: digest))
    }
    guard !files.isEmpty else {
      throw node.error(.arraysBadFileName, "a tree has at least the file arrays.h5")
    }
    return files
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

extension BlockColumns {
  /// Reads the columns; `StructureCheck` compares their lengths.
  fileprivate init(
    _ node: JSONNode, _ unknown: UnknownMembers
  ) throws(CoppiceError) {
    self.init()
    var reader = try JSONObjectReader(node)
    digest = try reader.required("digest").hex64Column()
    file = try reader.required("file").nonNegativeIntegerColumn()
    offset = try reader.required("offset").nonNegativeIntegerColumn()
    size = try reader.required("size").nonNegativeIntegerColumn()
    try unknown.check(reader)
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
