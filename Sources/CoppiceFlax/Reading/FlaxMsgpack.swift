package import CoppiceFiles
package import CoppiceModel
import SystemPackage

/// The reader of Flax's serialization.
///
/// It reads files of `to_bytes` and `msgpack_serialize`, and directories of `checkpoint_<step>`
/// files. Opening reads the structure only, without the elements of arrays.
package enum FlaxMsgpack {
  /// The format's name as the tool prints it.
  package static let formatName = "flax-msgpack"

  /// Opens an array that several processes saved, in a directory beside the file.
  ///
  /// Such arrays are in zarr's format, which this module doesn't read itself.
  package typealias ArrayOpener =
    @Sendable (DirectoryHandle, String) throws(CoppiceError) ->
    any ArraySource

  /// Returns whether a file is one of Flax's, whole or damaged.
  ///
  /// MessagePack has no signature: either the name identifies the file, or the whole file is
  /// MessagePack and not empty.
  ///
  /// - Throws: `io.*`.
  package static func recognizes(_ file: InputFile) throws(CoppiceError) -> Bool {
    let name = FilePath(file.name).lastComponent?.string ?? ""
    if name.hasSuffix(".msgpack") { return true }
    guard let first = try file.bytes(at: 0, count: min(1, file.byteCount)).first,
      isContainer(first)
    else { return false }
    if let step = FlaxStepName(name), step.prefix == FlaxStepName.standardPrefix { return true }
    do {
      let document = try MsgpackDocument(reading: file, file: file.name, limits: .standard)
      if case .map(let entries) = document.root { return !entries.isEmpty }
      if case .ext(let type, _) = document.root { return type == 1 }
      return false
    } catch {
      guard error.code.isInputFault else { throw error }
      return false
    }
  }

  /// Returns whether a map, an array or an extension begins with a byte.
  private static func isContainer(_ byte: UInt8) -> Bool {
    (0x80...0x9F).contains(byte) || (0xC7...0xC9).contains(byte) || (0xD4...0xD8).contains(byte)
      || (0xDC...0xDF).contains(byte)
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - directory: The directory of the file, for arrays beside it; `nil` uses the file's name.
  ///   - openArray: Opens those arrays.
  /// - Throws: `msgpack.*`, `flax.*` when the file is damaged; `io.*`; the errors of `openArray`.
  package static func open(
    _ file: InputFile, in directory: DirectoryHandle? = nil, limits: ReadLimits,
    openArray: @escaping ArrayOpener
  ) throws(CoppiceError) -> CheckpointContents {
    let document = try MsgpackDocument(reading: file, file: file.name, limits: limits)
    let path = FilePath(file.name)
    let name = path.lastComponent?.string ?? ""
    var beside: DirectoryHandle?
    let tree = try FlaxTreeReader(document, limits: limits).tree(of: document.root) {
      (text: String, place: TreePath) throws(CoppiceError) in
      guard let array = MultiprocessArray(text) else { return .value(.string(text)) }
      do throws(CoppiceError) {
        if beside == nil { beside = try MultiprocessArray.directory(of: file, in: directory) }
        guard let beside else { return .value(.string(text)) }
        return .leaf(ArrayLeaf(try openArray(beside, try array.checkedPath())))
      } catch {
        throw error.located(file: file.name, treePath: place.description)
      }
    }
    var contents = CheckpointContents(format: formatName, root: .unnamed(.tree(tree)))
    if let step = FlaxStepName(name), step.prefix == FlaxStepName.standardPrefix {
      contents.step = step.number
    }
    return contents
  }
}

/// A text that refers to an array of several processes: `//GDAPlaceholder:<path>`.
struct MultiprocessArray {
  private static let suffix = "_gda"
  static let mark = "//GDAPlaceholder:"

  private let path: String

  init?(_ text: String) {
    guard text.utf8.starts(with: Self.mark.utf8) else { return nil }
    path = String(text.utf8.dropFirst(Self.mark.utf8.count)) ?? ""
  }

  /// Returns the path of the array below the directory of the file's arrays.
  func checkedPath() throws(CoppiceError) -> String {
    _ = try RelativePath(checking: path)
    return path
  }

  /// Opens the directory of a file's arrays.
  static func directory(
    of file: InputFile, in directory: DirectoryHandle?
  ) throws(CoppiceError) -> DirectoryHandle {
    let name = FilePath(file.name).lastComponent?.string ?? ""
    guard let directory else {
      do {
        return try DirectoryHandle(opening: FilePath((file.path?.string ?? file.name) + suffix))
      } catch {
        guard error.code == .ioNotFound else { throw error }
        throw CoppiceError(
          .fileMissing,
          "the directory \"\(name.printable)\(suffix)\" with the arrays of several processes is not there; "
            + "copy it beside the file")
      }
    }
    return try directory.subdirectory(name + suffix)
  }
}
