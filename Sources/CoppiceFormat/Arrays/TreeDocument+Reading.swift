package import CoppiceModel
import StrictJSON

extension TreeDocument {
  /// Reads the document from its bytes, and checks it against itself.
  ///
  /// - Parameters:
  ///   - file: The document's name for messages, such as `state/tree.json`.
  ///   - checksBlocks: Whether the block index is checked; validation does it by itself.
  /// - Throws: `json.*`, `versioning.*`, `model.*`, `arrays.*`, `sharding.*`.
  package init(
    parsing bytes: [UInt8], file: String, limits: ReadLimits = .standard,
    checksBlocks: Bool = true
  ) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, limits: limits.forTreeDocuments)
    var reader = try JSONObjectReader(document.root)
    let blocksNode = try reader.required("blocks")
    let filesNode = try reader.required("files")
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    try self.init(structure: &reader, unknown, limits: limits)
    try unknown.check(reader)
    blocks = try BlockColumns(blocksNode, unknown)
    files = try Self.files(filesNode, unknown)
    guard checksBlocks else { return }
    try StructureCheck(self, file: file).run { (error) throws(CoppiceError) in throw error }
  }

  /// Reads the members that both `tree.json` and its copy in HDF5 have.
  private init(
    structure reader: inout JSONObjectReader, _ unknown: UnknownMembers, limits: ReadLimits
  ) throws(CoppiceError) {
    let leavesNode = try reader.required("leaves")
    shardings = []
    if let node = reader.optional("shardings") {
      for element in try node.array() {
        shardings.append(try Sharding(element, unknown: unknown, limits: limits))
      }
    }
    var nodes = NodeReader(limits: limits)
    tree = try nodes.read(try reader.required("tree"))
    guard leavesNode.count == nodes.leafCount else {
      throw leavesNode.error(
        .modelLeafOrder,
        "the tree has \(nodes.leafCount) leaves, but \(leavesNode.count) are described")
    }
    leaves = []
    leaves.reserveCapacity(nodes.leafCount)
    for element in try leavesNode.array() {
      leaves.append(
        try LeafRecord(
          element, shardingCount: shardings.count, unknown: unknown, limits: limits))
    }
    files = []
    blocks = BlockColumns()
  }

  private static func files(
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

extension BlockColumns {
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
    guard digest.count == count, file.count == count, size.count == count else {
      throw node.error(.arraysBlockCount, "the columns differ in length")
    }
  }
}

extension ReadLimits {
  /// A level of a tree takes up to four levels of JSON, and what leaves need is deeper than none.
  ///
  /// Spec: MET-11.
  var forTreeDocuments: ReadLimits {
    var limits = self
    limits.depth = depth * 5
    return limits
  }
}
