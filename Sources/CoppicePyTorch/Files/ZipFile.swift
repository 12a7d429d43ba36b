import CoppiceFiles
import CoppiceModel
import CoppiceZip

/// A file of `torch.save` since version 1.6: a zip archive with a pickle and a member per storage.
///
/// The reader checks a member's checksum before it uses the first bytes. torch can leave checksums
/// out (see `torch.serialization.set_crc32_options`), which is a warning.
struct ZipFile {
  private let archive: ZipArchive

  /// The folder of all members, with its slash.
  private let root: String

  private let fileByteCount: Int
  private let name: String

  private static let pickleName = "data.pkl"

  /// Checks that torch wrote an archive, and takes it over.
  ///
  /// - Throws: `pytorch.format` when torch didn't write it, or it is a TorchScript program.
  init(_ archive: ZipArchive, fileByteCount: Int, name: String) throws(CoppiceError) {
    guard let root = Self.root(of: archive) else {
      throw CoppiceError(
        .pytorchFormat, "the zip archive has no \(Self.pickleName): torch.save didn't write it",
        at: .init(file: name))
    }
    guard archive.member(named: root + "constants.pkl") == nil else {
      throw CoppiceError(
        .pytorchFormat,
        "this is a TorchScript program rather than a checkpoint; save the state_dict of the module",
        at: .init(file: name))
    }
    self.archive = archive
    self.root = root
    self.fileByteCount = fileByteCount
    self.name = name
  }

  /// Returns the folder of an archive that torch wrote; `nil` for other archives.
  static func root(of archive: ZipArchive) -> String? {
    let roots = archive.members.compactMap { member -> String? in
      let parts = member.name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1] == pickleName else { return nil }
      return parts[0] + "/"
    }
    return roots.count == 1 ? roots[0] : nil
  }

  /// Reads the pickle.
  ///
  /// - Parameter path: The path of its value in a larger tree, for messages.
  func contents(
    limits: ReadLimits, at path: TreePath = TreePath()
  ) throws(CoppiceError) -> CheckpointContents {
    guard let member = archive.member(named: root + Self.pickleName) else { throw noStorage("") }
    let pickleFile = "\(name)/\(member.name)"
    do throws(CoppiceError) {
      var pickle = Unpickler(member.torchContents, at: 0, limits: limits)
      let value = try pickle.run()
      let sources = TensorSources(fileByteCount: fileByteCount, isBigEndian: try isBigEndian()) {
        (storage) throws(CoppiceError) in try bytes(of: storage)
      }
      var tree = PickledTree(pickle, sources: sources, file: pickleFile)
      var contents = CheckpointContents(
        format: PyTorchFormat.name, root: .unnamed(.tree(try tree.root(value, at: path))))
      contents.warnings = tree.warnings.map { $0.located(file: pickleFile) }
      let warning = archive.checksumWarning
      contents.hasDigests = warning == nil
      if let warning { contents.warnings.append(warning.located(file: name)) }
      return contents
    } catch {
      throw error.located(file: pickleFile)
    }
  }

  private func isBigEndian() throws(CoppiceError) -> Bool {
    // Only old files lack the record, and their machines were little-endian.
    guard let member = archive.member(named: root + "byteorder") else { return false }
    let order = member.byteCount <= 16 ? try member.text() : ""
    switch order {
    case "little": return false
    case "big": return true
    default:
      throw CoppiceError(
        .pytorchFormat, "the record of the byte order says neither little nor big; it is damaged")
    }
  }

  private func bytes(of storage: PickleStorage) throws(CoppiceError) -> any ByteSource {
    guard storage.key.utf8.allSatisfy({ Self.isPlain($0) }), !storage.key.isEmpty,
      let member = archive.member(named: "\(root)data/\(storage.key)")
    else { throw noStorage(storage.key) }
    let (count, overflow) = storage.elementCount.multipliedReportingOverflow(by: storage.width)
    // Allow less than one element more: the size may be given in wider elements.
    guard !overflow, (0..<16).contains(member.byteCount.subtractingReportingOverflow(count).0)
    else {
      throw CoppiceError(
        .pytorchStorage,
        "the storage \"\(storage.key)\" has \(member.byteCount) bytes, which are not the "
          + "\(storage.elementCount) elements that the pickle says; the file is damaged")
    }
    return member.torchContents
  }

  private func noStorage(_ key: String) -> CoppiceError {
    CoppiceError(
      .pytorchStorage,
      "the storage \"\(key.printable)\" is not in the file; it is incomplete, so copy it again")
  }

  /// Returns whether a byte may be in a storage's name, which is a number or a word but not a path.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }
}

extension ZipMember {
  /// The content, checked if torch has written a checksum.
  fileprivate var torchContents: any ByteSource {
    hasChecksum ? contents() : uncheckedContents()
  }

  /// Reads the content of a small member.
  fileprivate func text() throws(CoppiceError) -> String {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try torchContents.read(at: 0, into: &target)
    return String(decoding: bytes, as: UTF8.self)
  }
}
