package import CoppiceFiles
package import CoppiceModel
import CoppiceZip

/// Reading NumPy's files: one array (`npy`), or several by name in a zip archive (`npz`).
package enum NumPyFormat {
  /// The names of the formats in what a reader returns.
  package static let arrayName = "npy"
  package static let archiveName = "npz"

  static let arraySuffix = ".npy"
  package static let archiveSuffix = ".npz"

  /// Tells whether a file is meant to be an array, whole or damaged.
  package static func recognizesArray(_ file: InputFile) throws(CoppiceError) -> Bool {
    if file.name.hasSuffix(arraySuffix) { return true }
    let start = try file.bytes(at: 0, count: min(NpyHeader.magic.count, file.byteCount))
    return start.elementsEqual(NpyHeader.magic)
  }

  /// Tells whether a file is meant to be an archive of arrays, whole or damaged.
  ///
  /// Other archives hold arrays among other things: here there are nothing but arrays, or the name
  /// says so.
  package static func recognizesArchive(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> Bool {
    if file.name.hasSuffix(archiveSuffix) { return true }
    guard try ZipArchive.recognizes(file),
      let archive = try? ZipArchive(file, name: file.name, limits: limits)
    else { return false }
    return !archive.members.isEmpty && archive.members.allSatisfy { $0.name.hasSuffix(arraySuffix) }
  }

  /// Opens an array: the tree is a leaf, or a value of texts.
  ///
  /// - Throws: `npy.*`, `io.*`.
  package static func openArray(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    do throws(CoppiceError) {
      let array = try NpyNode(.file(file), limits: limits)
      var contents = CheckpointContents(
        format: arrayName, root: .unnamed(.tree(array.node)))
      contents.warnings = array.warning.map { [$0.located(file: file.name)] } ?? []
      return contents
    } catch {
      throw error.located(file: file.name)
    }
  }

  /// Opens an archive: a dictionary of arrays by name, where names stay whole, whatever is in them.
  ///
  /// A member of objects, structures or another type that no array here has is a leaf with a fault.
  ///
  /// - Throws: `npz.*`, `npy.*`, `zip.*`, `compression.*`, `io.*`.
  package static func openArchive(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    let archive = try ZipArchive(file, name: file.name, limits: limits)
    var entries: [Tree<ArrayLeaf>.Entry] = []
    var warnings: [CoppiceError] = []
    for member in archive.members {
      guard let key = try key(of: member, limits, file: file.name) else {
        warnings.append(
          CoppiceError(
            .npzOtherMember,
            "the member \"\(member.name.printable)\" is no array and is left out",
            at: .init(file: file.name)))
        continue
      }
      let path = TreePath([.key(key)]).description
      do throws(CoppiceError) {
        let array = try NpyNode(.member(member), limits: limits)
        entries.append(.init(key, array.node))
        if let warning = array.warning {
          warnings.append(warning.located(file: file.name, treePath: path))
        }
      } catch {
        let error = error.located(file: file.name, treePath: path)
        guard error.code == .npyUnsupportedDType else { throw error }
        entries.append(.init(key, .leaf(ArrayLeaf(LeafFault(.unsupported, error)))))
      }
    }
    guard !entries.isEmpty || archive.members.isEmpty else {
      throw CoppiceError(
        .npzNoArray, "the archive holds no NumPy array", at: .init(file: file.name))
    }
    var contents = CheckpointContents(
      format: archiveName, root: .unnamed(.tree(.dict(entries))))
    contents.hasDigests = true
    contents.warnings = warnings
    return contents
  }

  /// The key of an array: the member's name without its ending.
  private static func key(
    of member: ZipMember, _ limits: ReadLimits, file: String
  ) throws(CoppiceError) -> TreeKey? {
    guard member.name.hasSuffix(arraySuffix) else { return nil }
    let name = member.name.utf8.dropLast(arraySuffix.utf8.count)
    guard name.count <= limits.componentBytes else {
      throw CoppiceError(
        .npyLimit,
        "the name of an array has \(name.count) bytes; at most \(limits.componentBytes) are read",
        at: .init(file: file))
    }
    return .string(String(name) ?? "")
  }
}
