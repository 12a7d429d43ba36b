import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel
package import SystemPackage

/// The writing of one tree by the ranks of a group, each of which writes a data file and its index.
///
/// Rank 0 plans, and the others take its plan. They exchange only this plan and, for each file, its
/// size and the record of its index.
package struct GroupTreeWriter: Sendable {
  private var plan: TreePlan
  private let options: TreeWriteOptions
  /// The rank that writes each data file.
  package let ranks: [Int]

  /// A data file that a rank has written.
  package struct File: Sendable {
    /// The number of the file.
    package let number: Int
    /// The record for the tree document.
    package let record: DataFile
    /// The places of its blocks: known to the rank that wrote it.
    fileprivate var index: FileIndex?

    /// Makes the description of a file that another rank has written.
    package init(number: Int, record: DataFile) {
      (self.number, self.record) = (number, record)
    }
  }

  /// Plans a tree, on rank 0.
  ///
  /// - Throws: As `TreeWriter.write` before it writes; the errors of `GroupLayout`.
  package init(
    _ tree: Tree<ArrayLeaf>, layout: GroupLayout, options: TreeWriteOptions
  ) throws(CoppiceError) {
    plan = try TreePlan(tree, layout: layout, options: options)
    ranks = layout.ranksOfFiles
    self.options = options
  }

  /// Plans a tree that all ranks can read, and divide among them by bytes, on rank 0.
  ///
  /// The boxes are those that the options ask for; other large arrays are cut where their source decodes the boxes
  /// separately. Data files that the options ask for are those of a tree that one process writes.
  ///
  /// - Throws: As `TreeWriter.write` before it writes.
  package init(
    dividing tree: Tree<ArrayLeaf>, among rankCount: Int, options: TreeWriteOptions
  ) throws(CoppiceError) {
    guard options.dataFiles == 1, options.maximumFileBytes == nil else {
      let plan = try TreePlan(tree, layout: nil, options: options)
      self.init(plan, ranks: plan.document.ranksOfFiles(among: rankCount), options: options)
      return
    }
    let layout = try GroupLayout(
      try Self.dividedLeaves(tree, among: rankCount, options), rankCount: rankCount)
    try self.init(tree, layout: layout, options: options)
  }

  private init(_ plan: TreePlan, ranks: [Int], options: TreeWriteOptions) {
    self.plan = plan
    self.ranks = ranks
    self.options = options
  }

  private static func dividedLeaves(
    _ tree: Tree<ArrayLeaf>, among rankCount: Int, _ options: TreeWriteOptions
  ) throws(CoppiceError) -> [GroupLayout.Leaf] {
    let leaves = tree.leaves
    var shares = ByteShares(
      of: leaves.reduce(0) { $0 + $1.leaf.byteCount }, among: rankCount)
    var divided: [GroupLayout.Leaf] = []
    for (path, leaf) in leaves {
      let metadata = try leaf.metadata
      var chosen = try options.grid(metadata) { path }
      if chosen == nil {
        chosen = try ShardGrid(cutting: try leaf.source, intoBytes: shares.partBytes)
      }
      let grid = chosen ?? ShardGrid(whole: metadata.shape)
      let ranks = grid.map {
        shares.rank(ofNext: $0.shape.elementCount * metadata.dtype.width)
      }
      divided.append(
        GroupLayout.Leaf(
          path: path.description, dtype: metadata.dtype, shape: metadata.shape,
          distribution: .divided(grid, ranks: ranks)))
    }
    return divided
  }

  /// Takes the plan of rank 0, on another rank.
  ///
  /// - Parameters:
  ///   - tree: The same tree as that of rank 0, with what this rank holds.
  ///   - structure: The structure in the plan of rank 0.
  ///   - ranks: The rank that writes each data file, from the same plan.
  package init(
    _ tree: Tree<ArrayLeaf>, structure: [UInt8], ranks: [Int], options: TreeWriteOptions
  ) throws(CoppiceError) {
    plan = try TreePlan(tree, structure: structure, options: options)
    self.ranks = ranks
    self.options = options
  }

  /// The canonical document without its files, which other ranks need.
  package var structure: [UInt8] { plan.structure }

  /// Returns the digest of what must be the same on all ranks: structure, values, types, shapes and
  /// shardings.
  package static func signature(of tree: Tree<ArrayLeaf>) throws(CoppiceError) -> Digest {
    var options = TreeWriteOptions()
    options.packing = nil
    return Digest(of: try TreePlan(tree, layout: nil, options: options).structure)
  }

  /// Writes the data files of a rank, of which it may have none.
  ///
  /// - Throws: As `TreeWriter.write`.
  package mutating func writeFiles(
    of rank: Int, into directory: FilePath, monitor: OperationMonitor
  ) throws(CoppiceError) -> [File] {
    let numbers = ranks.indices.filter { ranks[$0] == rank }
    guard !numbers.isEmpty else { return [] }
    try plan.plan(files: numbers)
    monitor.expect(bytes: plan.plannedBytes)
    let written = try TreeWriter.writeFiles(&plan, into: directory, options, monitor)
    return zip(numbers, written).map { (number, written) in
      var file = File(number: number, record: written.record)
      file.index = written.index
      return file
    }
  }

  /// Checks that a file of another rank is there with its index, as that rank has written them.
  ///
  /// - Throws: `directory.file-missing`, `metadata.*`, `arrays.truncated`, `arrays.stale-index`,
  ///   `arrays.hdf5-mismatch`, `io.*`.
  package static func check(_ file: File, in directory: FilePath) throws(CoppiceError) {
    let handle = try DirectoryHandle(opening: directory)
    if let index = file.record.index {
      _ = try StoredDocument.bytes(
        index, in: handle, limits: .standard, recorder: "the rank that wrote it")
    }
    let input = try BlockFiles.open(file.number, file.record, in: handle)
    guard try BlockFiles.beginsAsHDF5(input) else {
      throw CoppiceError(
        .arraysHDF5Mismatch, "the file doesn't begin with the signature of HDF5",
        at: .init(file: input.name))
    }
  }

  /// Writes the tree document, on rank 0.
  ///
  /// - Parameter files: All data files by number; the first was written by this rank.
  package func writeDocument(
    _ files: [File], into directory: FilePath
  ) throws(CoppiceError) -> TreeWriter.Result {
    try TreeWriter.writeDocument(
      plan,
      files.map { TreeWriter.WrittenFile(record: $0.record, index: $0.index ?? FileIndex()) },
      into: directory, options)
  }
}

extension TreeDocument {
  /// Returns the rank that writes each data file: `arrays.h5` is written by rank 0, and each other one by the rank with
  /// the fewest bytes so far.
  fileprivate func ranksOfFiles(among rankCount: Int) -> [Int] {
    var bytes = Array(repeating: 0, count: placedFileCount)
    for leaf in leaves {
      guard let placement = leaf.placement else {
        bytes[0] += leaf.shape.elementCount * leaf.dtype.width
        continue
      }
      for (box, file) in zip(leaf.boxes, placements[placement].files) {
        bytes[file] += box.shape.elementCount * leaf.dtype.width
      }
    }
    var filled = Array(repeating: 0, count: rankCount)
    return bytes.enumerated().map { (file, bytes) in
      let rank = file == 0 ? 0 : filled.indices.min { filled[$0] < filled[$1] } ?? 0
      filled[rank] += bytes
      return rank
    }
  }
}

extension ShardGrid {
  /// Makes the grid of boxes of about a number of bytes that a source reads independently; `nil` for an array that
  /// can't be cut.
  fileprivate init?(
    cutting source: any ArraySource, intoBytes limit: Int
  ) throws(CoppiceError) {
    guard let (dimension, extent) = source.cut(intoBytes: limit) else { return nil }
    var cuts = source.shape.dimensions.map { Cuts.each(Swift.max($0, 1)) }
    cuts[dimension] = .each(extent)
    try self.init(cuts, of: source.shape)
  }
}
