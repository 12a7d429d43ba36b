import CoppiceFiles
import CoppiceModel

/// The opened files of a model, and the tree of their tensors.
struct OpenedModel {
  private var files: [OpenedGGUF]
  private let dequantizes: Bool

  /// Makes a model of one file.
  init(_ file: OpenedGGUF, dequantizes: Bool) {
    files = [file]
    self.dequantizes = dequantizes
  }

  private var first: OpenedGGUF { files[0] }

  /// Opens the other files of a split model.
  ///
  /// - Throws: `gguf.*`, `file.*`, `io.*`.
  mutating func addRest(
    of split: OpenedGGUF.Split, in directory: DirectoryHandle, limits: ReadLimits, salvages: Bool
  ) throws(CoppiceError) {
    guard let names = SplitName(first.file.name) else {
      throw error(
        .ggufSplit,
        "this is one of \(split.count) files of a model, but its name doesn't end as theirs do, with "
          + "\"\(SplitName.ending(0, of: split.count))\"; give the files their names back")
    }
    guard split.number == 0 else {
      throw error(
        .ggufLaterSplit,
        "this is file \(split.number + 1) of the \(split.count) of a model; open the first, "
          + "\"\(names.name(of: 0).printable)\"")
    }
    try check(split, names, of: first)
    for number in 1..<split.count {
      let name = names.name(of: number)
      let file: InputFile
      do throws(CoppiceError) {
        file = try directory.open(name)
      } catch {
        guard error.code == .fileMissing else {
          throw error.located(file: directory.displayName(name))
        }
        throw self.error(
          error.code,
          "the file \"\(name.printable)\", one of the \(split.count) of the model, is not there; copy it again"
        )
      }
      let opened = try OpenedGGUF(file, limits: limits, salvages: salvages)
      try check(split, names, of: opened, number: number)
      files.append(opened)
    }
    try checkTensors(split, limits)
  }

  /// Checks that a file is the one that its name says.
  private func check(
    _ split: OpenedGGUF.Split, _ names: SplitName, of opened: OpenedGGUF, number: Int = 0
  ) throws(CoppiceError) {
    guard let own = opened.split, own.number == number, own.count == split.count,
      names.count == split.count
    else {
      let place =
        opened.split.map { "file \($0.number + 1) of \($0.count)" } ?? "no file of a split model"
      throw CoppiceError(
        .ggufSplit,
        "by its metadata this is \(place), but it should be file \(number + 1) of \(names.count) by its name and "
          + "the first file; the files were renamed, or are of several models",
        at: .init(file: opened.file.name))
    }
  }

  /// Checks that the files together have as many tensors as the first states, and no name twice.
  private func checkTensors(
    _ split: OpenedGGUF.Split, _ limits: ReadLimits
  ) throws(CoppiceError) {
    let count = files.reduce(0) { $0 + $1.header.tensors.count }
    if let stated = split.tensorCount, stated != count {
      throw error(
        .ggufSplit,
        "the files have \(count) tensors, but the model has \(stated) by the metadata; the files are of "
          + "several models")
    }
    guard count <= limits.leaves else {
      throw error(.ggufLimit, "the files have \(count) tensors; at most \(limits.leaves) are read")
    }
    var owners: [TreeKey: String] = [:]
    for opened in files {
      for tensor in opened.header.tensors {
        guard let other = owners.updateValue(opened.file.name, forKey: .string(tensor.name)) else {
          continue
        }
        throw GGUFHeader.error(
          .ggufDuplicateName,
          "the tensor is also in \(other.printable), and nothing says which one counts",
          tensor: tensor.name, file: opened.file.name)
      }
    }
  }

  private func error(_ code: CoppiceError.Code, _ message: String) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: first.file.name))
  }

  /// The contents: a dictionary of the tensors by name, and the metadata.
  var contents: CheckpointContents {
    var entries: [Tree<ArrayLeaf>.Entry] = []
    for opened in files {
      for tensor in opened.header.tensors {
        let leaf = opened.leaf(of: tensor, dequantizes: dequantizes)
        entries.append(.init(.string(tensor.name), .leaf(leaf)))
      }
    }
    var contents = CheckpointContents(
      format: GGUFFormat.name, root: .unnamed(.tree(.dict(entries))))
    let (metadata, warnings) = mergedMetadata
    contents.custom = .object(metadata)
    contents.warnings = warnings + blockWarnings
    return contents
  }

  /// The metadata of the first file, with what only later ones have, and warnings of differences.
  ///
  /// Keys that describe the division into files are left out: the tree has none.
  private var mergedMetadata: ([JSON.Member], [CoppiceError]) {
    guard files.count > 1 else { return (first.header.metadata, []) }
    var merged: [JSON.Member] = []
    var places: [TreeKey: Int] = [:]
    var warnings: [CoppiceError] = []
    for opened in files {
      for member in opened.header.metadata where !member.name.hasPrefix(OpenedGGUF.splitKeys) {
        guard let place = places[.string(member.name)] else {
          places[.string(member.name)] = merged.count
          merged.append(member)
          continue
        }
        guard merged[place].value != member.value else { continue }
        warnings.append(
          CoppiceError(
            .ggufMetadataDiffers,
            "the metadata value \"\(member.name.printable)\" differs from an earlier file's, which is kept",
            at: .init(file: opened.file.name)))
      }
    }
    return (merged, warnings)
  }

  /// A warning for each type of which blocks are read as bytes.
  private var blockWarnings: [CoppiceError] {
    var found: [(type: GGUFTensorType, isDecoded: Bool, names: [String])] = []
    for opened in files {
      for tensor in opened.header.tensors {
        guard let type = tensor.type, type.dtype == nil else { continue }
        let isDecoded = type.decoder(isBigEndian: opened.header.isBigEndian) != nil
        if isDecoded && dequantizes { continue }
        if let place = found.firstIndex(where: { $0.type.name == type.name }) {
          found[place].names.append(tensor.name)
        } else {
          found.append((type, isDecoded, [tensor.name]))
        }
      }
    }
    return found.map { type, isDecoded, names in
      let subject =
        names.count == 1
        ? "the tensor \"\(names[0].printable)\" is"
        : "\(names.count) tensors, such as \"\(names[0].printable)\", are"
      return CoppiceError(
        .ggufBlocks,
        "\(subject) quantised as \(type.name) and read as blocks of \(type.byteCount) bytes for "
          + "\(type.elementCount) elements"
          + (isDecoded ? "; set `dequantizes` to read float32" : ", which are not decoded"),
        at: .init(file: first.file.name))
    }
  }
}
