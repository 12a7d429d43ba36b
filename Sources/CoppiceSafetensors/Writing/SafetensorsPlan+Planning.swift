package import CoppiceModel

extension SafetensorsPlan {
  /// The choices of writing a tree.
  package struct Options: Sendable {
    /// The maximum number of bytes of a file; `nil` puts everything into one file.
    ///
    /// An array that needs a larger file gets one of its own.
    package var maximumFileBytes: Int?

    /// Whether headers count; Hugging Face's libraries count the bytes of arrays alone.
    package var countsHeaders = true

    /// The beginning of the files' names.
    package var baseName = "model"

    package init() {}
  }

  /// Plans the files for a tree and the metadata of its checkpoint.
  ///
  /// The data are ordered as in the reference library: by type, widest elements first, then by
  /// name. The same tree gives the same files.
  ///
  /// - Throws: `safetensors.name-collision`, `safetensors.reserved-name`,
  ///   `safetensors.header-too-large`, `safetensors.shape-overflow`.
  package init(
    writing tree: Tree<ArrayLeaf>, of contents: CheckpointContents, options: Options = Options()
  ) throws(CoppiceError) {
    let metadata = try OutputMetadata(contents)
    let flat = try FlattenedTree<OutputTensor>(tree)
    let (groups, oversize) = try Self.split(
      flat.arrays, metadata: metadata.pairs, options)
    files = []
    leaves = []
    notes = metadata.notes + flat.notes
    for tensor in oversize {
      notes.addOversize(
        tensor.byteCount, limit: options.maximumFileBytes ?? .max,
        at: tensor.treePath.description)
    }
    for (number, group) in groups.enumerated() {
      let name = Self.fileName(options.baseName, number: number, of: groups.count)
      try append(group, named: name, metadata: metadata.pairs)
    }
    if groups.count > 1 { index = try makeIndex(flat.arrays, groups, options) }
  }

  private mutating func append(
    _ group: [OutputTensor], named name: String, metadata: [Header.Metadata]?
  ) throws(CoppiceError) {
    let ordered = group.sorted { left, right in
      left.type == right.type
        ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        : left.type.rank > right.type.rank
    }
    let header = try HeaderText.header(of: ordered, metadata: metadata)
    let first = leaves.count
    var offset = header.count
    for tensor in ordered {
      leaves.append(
        Leaf(
          name: tensor.name, treePath: tensor.treePath, file: files.count, offset: offset,
          source: tensor.source))
      let (end, overflow) = offset.addingReportingOverflow(tensor.byteCount)
      guard !overflow else { throw Self.tooLarge }
      offset = end
    }
    files.append(
      File(name: name, byteCount: offset, header: header, leaves: first..<leaves.count))
  }

  private func makeIndex(
    _ tensors: [OutputTensor], _ groups: [[OutputTensor]], _ options: Options
  ) throws(CoppiceError) -> Document {
    var total = 0
    for tensor in tensors {
      let (sum, overflow) = total.addingReportingOverflow(tensor.byteCount)
      guard !overflow else { throw Self.tooLarge }
      total = sum
    }
    let names = zip(groups, files).flatMap { group, file in group.map { ($0.name, file.name) } }
    return Document(
      name: options.baseName + SafetensorsFormat.fileSuffix + SetListing.indexSuffix,
      bytes: HeaderText.index(totalBytes: total, tensors: names))
  }

  private static let tooLarge = CoppiceError(
    .safetensorsShapeOverflow, "the arrays together have more bytes than 64 bits can count")
}
