package import CoppiceFiles
import CoppiceHDF5
import CoppiceHDF5Inspection
package import CoppiceModel
package import SystemPackage

/// The reader of HDF5 files as trees: groups become dictionaries, datasets arrays and values.
package enum HDF5TreeFormat {
  /// The format's name in the reader's result.
  package static let name = "hdf5"

  /// Returns whether a file is meant to be HDF5, whole or damaged.
  package static func recognizes(_ file: InputFile) throws(CoppiceError) -> Bool {
    let signature = CoppiceHDF5.File.signature
    // The signature is at offset 0, or at 512 or a larger power of two.
    var offset = 0
    while offset <= file.byteCount - signature.count {
      if try file.bytes(at: offset, count: signature.count) == signature { return true }
      offset = offset == 0 ? 512 : offset * 2
    }
    return [".h5", ".hdf5"].contains { file.name.hasSuffix($0) }
  }

  /// Opens a file, without reading its arrays.
  ///
  /// - Parameters:
  ///   - path: The same file's path, since libhdf5 opens it again.
  ///   - access: The process in which libhdf5 parses the file.
  /// - Throws: `hdf5.*`, `keras.*`, `io.*`; `hdf5.tree-data` for a data file of a Coppice tree.
  package static func open(
    _ file: InputFile, at path: FilePath, access: HDF5Access, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    try open(file, at: path, name: file.name, access: access, limits: limits)
  }

  /// Opens a file; array bytes may come from another source than the file that libhdf5 reads.
  static func open(
    _ bytes: any ByteSource, at path: FilePath, name: String, access: HDF5Access, limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    do throws(CoppiceError) {
      let outline = try FileOutline.read(
        path, mode: access, name: name,
        listsUnreadable: true, limits: OutlineLimits(limits))
      try refuseTreeData(outline, named: name)
      let keras = try KerasFile(outline)
      var builder = HDF5TreeBuilder(
        outline, in: bytes, named: name, order: keras?.order ?? MemberOrder(), limits: limits)
      let tree = try builder.tree()
      var contents = CheckpointContents(
        format: keras?.format ?? Self.name, root: .unnamed(.tree(tree)))
      let isStructure = { (name: [UInt8]) in keras?.isStructure(name) ?? (name == dtypeName) }
      contents.custom = outline.metadata(without: isStructure)
      contents.warnings = builder.warnings.all
      if let warning = outline.attributeWarning(without: isStructure) {
        contents.warnings.append(warning)
      }
      contents.warnings = contents.warnings.map { $0.located(file: name) }
      return contents
    } catch {
      throw error.located(file: name)
    }
  }

  /// Refuses the data file of a Coppice tree, whose structure and packed arrays need another
  /// reader.
  private static func refuseTreeData(
    _ outline: FileOutline, named name: String
  ) throws(CoppiceError) {
    let has = { (path: String) in outline.entries.contains { $0.path.elementsEqual(path.utf8) } }
    // A renamed file without packed arrays can still be read as plain datasets.
    guard has("%coppice/tree"), name == treeDataName || has("%packed/index") else { return }
    throw CoppiceError(
      .hdf5TreeData,
      "this is the data file of a Coppice tree: open the checkpoint's directory, or the file under "
        + "its own name, \(treeDataName)")
  }

  /// The name of the first data file of a Coppice tree.
  private static let treeDataName = "arrays.h5"

  /// The attribute that names the type of a dataset's elements.
  static let dtypeName = Array("dtype".utf8)
}
