package import CoppiceFiles
package import CoppiceModel
import CoppiceZip

/// The reader of files that `torch.save` writes: state dicts, and other containers of tensors.
///
/// The containers may also hold numbers and texts. A pickle is a program, which is never executed
/// here. The reader recognises the functions that tensors and containers need (see `PickleGlobal`),
/// and turns everything else into a leaf with a fault (see `ForeignValue`).
package enum PyTorchFormat {
  /// The format's name in the reader's result.
  package static let name = "pytorch"

  /// Returns whether a file is meant to be one of torch, whole or damaged.
  ///
  /// Files with other extensions, such as `.bin`, are recognised by their content.
  package static func recognizes(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> Bool {
    if [".pt", ".pth"].contains(where: { file.name.hasSuffix($0) }) { return true }
    if try LegacyFile.recognizes(file) { return true }
    guard try ZipArchive.recognizes(file) else { return false }
    do {
      return ZipFile.root(of: try ZipArchive(file, name: file.name, limits: limits)) != nil
    } catch {
      // A file that holds several saves is recognised, so that opening it can name that fault.
      return error.code == .zipConcatenated
    }
  }

  /// Opens a file, without reading the tensors' bytes.
  ///
  /// - Throws: `pytorch.*`, `zip.*`, `io.*`.
  package static func open(
    _ file: InputFile, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    do throws(CoppiceError) {
      if try LegacyFile.recognizes(file) {
        var legacy = LegacyFile(file, limits: limits)
        return try legacy.contents()
      }
      if try ZipArchive.recognizes(file) {
        let archive = try ZipArchive(file, name: file.name, limits: limits)
        return try ZipFile(archive, fileByteCount: file.byteCount, name: file.name)
          .contents(limits: limits)
      }
      throw CoppiceError(.pytorchFormat, try Self.reason(file))
    } catch {
      throw error.located(file: file.name)
    }
  }

  /// Returns the reason why a file with such a name can't be read.
  private static func reason(_ file: InputFile) throws(CoppiceError) -> String {
    if file.byteCount >= 512, try file.bytes(at: 257, count: 5).elementsEqual("ustar".utf8) {
      return
        "this is a tar archive, as torch wrote them before version 0.1.10; load and save it with a "
        + "newer torch"
    }
    if file.byteCount >= 1, try file.bytes(at: 0, count: 1) == [0x80] {
      return
        "this is a plain pickle, which torch.save doesn't write; save a state_dict with torch.save"
    }
    return
      "this is neither a zip archive nor a pickle: torch.save didn't write it, or it is damaged"
  }
}
