package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceStorage

/// The tree of data files without the documents of a checkpoint.
package enum LoneTree {
  /// The name of the format in the returned contents.
  package static let formatName = "coppice-arrays"

  /// The name of the file that contains the structure of the tree.
  package static let fileName = DataFile.name(0)

  /// Opens the data files of a directory from their HDF5 metadata.
  ///
  /// Nothing checks the bytes of the arrays: their digests are in the missing documents.
  ///
  /// - Throws: `directory.file-missing`; `repair.not-recoverable` when a block can't be found;
  ///   `arrays.*`, `hdf5.*`, `io.*`.
  package static func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointContents {
    var repair = RepairOptions()
    repair.limits = options.limits
    repair.hdf5 = options.hdf5
    let outlines = try TreeOutlines(directory, options: repair)
    var document = try outlines.structure(limits: options.limits)
    var finder = try BlockFinder(document, outlines, limits: options.limits)
    finder.run()
    if let lost = finder.lost.first {
      throw CoppiceError(
        .repairNotRecoverable, lost.reason, at: .init(file: fileName, treePath: lost.path))
    }
    let indexes = finder.blocks.map { FileIndex(blocks: $0.withoutDigests) }
    document.index = indexes[0]
    for number in indexes.indices {
      document.files.append(DataFile(size: try directory.open(DataFile.name(number)).byteCount))
    }
    for (number, index) in indexes.enumerated() {
      try StructureCheck(document, index, of: number, file: DataFile.name(number)).run {
        (fault) throws(CoppiceError) in throw fault
      }
    }
    let tree = try TreeReader.leaves(
      of: document, indexes: indexes, in: directory,
      options: TreeReadOptions(limits: options.limits, verifiesDigests: false))
    var contents = CheckpointContents(format: formatName, root: .unnamed(.tree(tree)))
    contents.warnings = document.warnings
    return contents
  }
}
