package import CoppiceFiles
package import CoppiceModel
import CoppiceZip

/// The reader of NumPy's files: one array (`npy`), or several named ones in a zip archive (`npz`).
package enum NumPyFormat {
  /// The names of the formats in the reader's results.
  package static let arrayName = "npy"
  package static let archiveName = "npz"

  static let arraySuffix = ".npy"
  package static let archiveSuffix = ".npz"

  /// Returns whether a file is meant to be an array, whole or damaged.
  package static func recognizesArray(_ file: InputFile) throws(CoppiceError) -> Bool {
    if file.name.hasSuffix(arraySuffix) { return true }
    let start = try file.bytes(at: 0, count: min(NpyHeader.magic.count, file.byteCount))
    return start.elementsEqual(NpyHeader.magic)
  }

  /// Returns whether a file is meant to be an archive of arrays, whole or damaged.
  ///
  /// Other kinds of archives hold arrays among other files. So either all members are arrays, or
  /// the file's name shows the kind.
  package static func recognizesArchive(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> Bool {
    if file.name.hasSuffix(archiveSuffix) { return true }
    guard try ZipArchive.recognizes(file),
      let archive = try? ZipArchive(file, name: file.name, limits: limits)
    else { return false }
    return !archive.members.isEmpty && archive.members.allSatisfy { $0.name.hasSuffix(arraySuffix) }
  }

  /// Opens an array as a tree, which is a single leaf or a value of texts.
  ///
  /// An array whose type no array here can have is a leaf with a fault.
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
      let error = error.located(file: file.name)
      guard unsupported.contains(error.code) else { throw error }
      return CheckpointContents(
        format: arrayName,
        root: .unnamed(.tree(.leaf(ArrayLeaf(LeafFault(.unsupported, error))))))
    }
  }

  /// The codes of arrays that are whole, though no array here can have their type.
  private static let unsupported: Set<CoppiceError.Code> = [.npyUnsupportedDType]

  /// Opens an archive as a dictionary of arrays by name; a name stays one key, whatever is in it.
  ///
  /// A member that is damaged, or whose type no array here can have, such as objects or structures,
  /// becomes a leaf with a fault.
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
            "the member \"\(member.name.printable)\" isn't an array and is left out",
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
        guard error.code.isInputFault else { throw error }
        let fault = LeafFault(error, unsupported: unsupported)
        entries.append(.init(key, .leaf(ArrayLeaf(fault))))
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

  /// Returns the key of an array: the member's name without its extension.
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
