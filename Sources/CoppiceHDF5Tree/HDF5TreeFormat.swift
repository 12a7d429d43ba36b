package import CoppiceFiles
import CoppiceHDF5
package import CoppiceHDF5Inspection
package import CoppiceModel
package import SystemPackage

/// The reader of HDF5 files as trees: groups become dictionaries, datasets arrays and values.
package enum HDF5TreeFormat {
  /// The format's name in the reader's result.
  package static let name = "hdf5"

  /// Returns whether a file is netCDF of an earlier format, which isn't HDF5.
  package static func isClassicNetCDF(_ file: InputFile) throws(CoppiceError) -> Bool {
    guard file.byteCount >= 4 else { return false }
    let head = try file.bytes(at: 0, count: 4)
    return head.starts(with: "CDF".utf8) && [1, 2, 5].contains(head[3])
  }

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
    _ file: InputFile, at path: FilePath, access: HDF5Access, choices: ElementChoices = [],
    limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    try open(
      file, at: path, name: file.name, access: access, choices: choices, limits: limits)
  }

  /// Opens a file; array bytes may come from another source than the file that libhdf5 reads.
  static func open(
    _ bytes: any ByteSource, at path: FilePath, name: String, access: HDF5Access,
    choices: ElementChoices = [], limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    var outlineLimits = OutlineLimits(limits)
    if choices.contains(.sequences) { outlineLimits.sequenceBytes = outlineLimits.stringBytes }
    let outline = try FileOutline.read(
      path, mode: access, name: name, listsUnreadable: true, limits: outlineLimits)
    return try open(outline, in: bytes, name: name, choices: choices, limits: limits)
  }

  /// Opens a file by its outline.
  ///
  /// - Throws: `hdf5.*`, `keras.*`, `io.*`.
  package static func open(
    _ outline: FileOutline, in bytes: any ByteSource, name: String, choices: ElementChoices = [],
    limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    do throws(CoppiceError) {
      try refuseTreeData(outline, named: name)
      let keras = try KerasFile(outline)
      let matlab = try MatlabFile(outline, in: bytes)
      let scales = DimensionScales(outline)
      var builder = HDF5TreeBuilder(
        outline, in: bytes, named: name, order: keras?.order ?? matlab?.order ?? MemberOrder(),
        scales: scales, isMatlab: matlab != nil, choices: choices, limits: limits)
      let tree = try builder.tree()
      var contents = CheckpointContents(
        format: keras?.format ?? Self.name, root: .unnamed(.tree(tree)))
      let isStructure = { (name: [UInt8], attributes: [FileOutline.Attribute]) in
        keras?.isStructure(name)
          ?? (name == dtypeName || matlab != nil && MatlabFile.isStructure(name)
            || DimensionScales.isStructure(name, of: attributes))
      }
      contents.custom = outline.metadata(without: isStructure, adding: scales.metadata)
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
