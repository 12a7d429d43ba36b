package import CoppiceFiles
package import CoppiceModel
import SystemPackage

/// Reads what Flax's serialization wrote: files of `to_bytes` and `msgpack_serialize`, and directories
/// of `checkpoint_<step>`.
///
/// Opening reads the structure only: the elements of arrays stay where they are.
package enum FlaxMsgpack {
  /// The format's name as the tool prints it.
  package static let formatName = "flax-msgpack"

  /// Opens an array that several processes saved, in a directory beside the file.
  ///
  /// They are zarr arrays, which this module doesn't read itself.
  package typealias ArrayOpener =
    @Sendable (DirectoryHandle, String) throws(CoppiceError) ->
    any ArraySource

  /// Tells whether a file is one of Flax's, whole or damaged.
  ///
  /// MessagePack has no signature: either the name says it, or the whole structure is MessagePack and
  /// holds something.
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

  /// Whether a map, an array or an extension begins with a byte.
  private static func isContainer(_ byte: UInt8) -> Bool {
    (0x80...0x9F).contains(byte) || (0xC7...0xC9).contains(byte) || (0xD4...0xD8).contains(byte)
      || (0xDC...0xDF).contains(byte)
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - directory: Where the file lies, for arrays that lie beside it; found by the file's name
  ///     where it isn't given.
  ///   - openArray: Opens those arrays.
  /// - Throws: `msgpack.*`, `flax.*` when the file is damaged; `io.*`; what `openArray` throws.
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

/// A text that stands for an array of several processes: `//GDAPlaceholder:<path>`.
struct MultiprocessArray {
  private static let suffix = "_gda"
  static let mark = "//GDAPlaceholder:"

  private let path: String

  init?(_ text: String) {
    guard text.utf8.starts(with: Self.mark.utf8) else { return nil }
    path = String(text.utf8.dropFirst(Self.mark.utf8.count)) ?? ""
  }

  /// The array's directory below the one beside the file.
  func checkedPath() throws(CoppiceError) -> String {
    _ = try RelativePath(checking: path)
    return path
  }

  /// The directory of a file's arrays.
  static func directory(
    of file: InputFile, in directory: DirectoryHandle?
  ) throws(CoppiceError) -> DirectoryHandle {
    guard let directory else { return try DirectoryHandle(opening: FilePath(file.name + suffix)) }
    let name = FilePath(file.name).lastComponent?.string ?? ""
    return try directory.subdirectory(name + suffix)
  }
}
