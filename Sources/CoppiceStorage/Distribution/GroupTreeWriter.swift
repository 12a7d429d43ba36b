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

  /// Writes the data file of a rank, if it has one.
  ///
  /// - Throws: As `TreeWriter.write`.
  package mutating func writeFile(
    of rank: Int, into directory: FilePath, monitor: OperationMonitor
  ) throws(CoppiceError) -> File? {
    guard let number = ranks.firstIndex(of: rank) else { return nil }
    try plan.plan(files: [number])
    let written = try TreeWriter.writeFiles(&plan, into: directory, options, monitor)
    guard let first = written.first else { return nil }
    var file = File(number: number, record: first.record)
    file.index = first.index
    return file
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
