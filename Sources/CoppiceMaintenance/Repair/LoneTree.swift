package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceStorage

/// The tree of data files without the documents of a checkpoint.
package enum LoneTree {
  /// The name of the format in the returned contents.
  package static let formatName = "coppice-arrays"

  /// The name of the file that contains the structure of the tree.
  package static let fileName = ArraysFile.name(0)

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
    if let fault = document.shardFaults.first { throw fault }
    var finder = try BlockFinder(document, outlines, limits: options.limits)
    finder.run()
    if let lost = finder.lost.first {
      throw CoppiceError(
        .repairNotRecoverable, lost.reason, at: .init(file: fileName, treePath: lost.path))
    }
    document.blocks = finder.blocks
    document.blocks.digest = Array(repeating: 0, count: document.blocks.count)
    document.files = []
    for index in 0...(finder.blocks.file.max() ?? 0) {
      let file = try directory.open(ArraysFile.name(index))
      document.files.append(
        ArraysFile(
          name: ArraysFile.name(index), size: file.byteCount, structureDigest: Digest(bits: 0)))
    }
    try StructureCheck(document, file: fileName).run { (fault) throws(CoppiceError) in throw fault }
    let tree = try TreeReader.leaves(
      of: document, in: directory,
      options: TreeReadOptions(limits: options.limits, verifiesDigests: false))
    var contents = CheckpointContents(format: formatName, root: .unnamed(.tree(tree)))
    contents.warnings = document.warnings
    return contents
  }
}
