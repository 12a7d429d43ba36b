import Coppice
package import CoppiceModel
import FileAccess
package import SystemPackage

/// Opens whatever lies at a path: the format is recognised by content.
package enum CheckpointOpener {
  /// Opens a path.
  ///
  /// - Throws: `io.not-found`, `format.unrecognized`, and what the format's reader throws.
  package static func open(
    _ path: FilePath, options: OpenOptions = OpenOptions()
  ) throws(CoppiceError) -> CheckpointInput {
    do throws(CoppiceError) {
      if let directory = try openDirectory(path, options) {
        for layout in CheckpointLayouts.all {
          if let input = try layout.open(directory, options: options) { return input }
        }
        throw CoppiceError(
          .formatUnrecognized, try directoryAdvice(directory), at: .init(file: path.string))
      }
      let file = try InputFile(opening: path)
      for layout in CheckpointLayouts.all {
        if let input = try layout.open(file, options: options) { return input }
      }
      throw CoppiceError(
        .formatUnrecognized, try fileAdvice(file), at: .init(file: path.string))
    } catch {
      throw error.located(file: path.string)
    }
  }

  private static func openDirectory(
    _ path: FilePath, _ options: OpenOptions
  ) throws(CoppiceError) -> DirectoryHandle? {
    do {
      return try DirectoryHandle(opening: path, symlinks: options.symlinks)
    } catch {
      // A file, rather than nothing or something that may not be read.
      if case .system(let errno)? = error.cause, Errno(rawValue: errno) == .notDirectory {
        return nil
      }
      throw error
    }
  }

  private static func directoryAdvice(_ directory: DirectoryHandle) throws(CoppiceError) -> String {
    if try directory.hasFile(CheckpointReader.treeDocumentName) {
      let name = directory.path.lastComponent.map { " \"\($0.string.printable)\"" } ?? ""
      return "this is the part\(name) of a checkpoint; open the checkpoint around it, with the name"
    }
    let names = try directory.entries().prefix(4).map { "\"\($0.name.printable)\"" }
    let found = names.isEmpty ? "it is empty" : "it holds \(names.joined(separator: ", "))…"
    return "no checkpoint of a known format (\(known)): \(found)"
  }

  private static var known: String {
    CheckpointLayouts.all.map(\.name).joined(separator: ", ")
  }

  /// Names formats that are known by their first bytes, though not read here.
  private static func fileAdvice(_ file: InputFile) throws(CoppiceError) -> String {
    let start = try file.bytes(at: 0, count: min(8, file.byteCount))
    let signatures: [(bytes: [UInt8], name: String)] = [
      ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "an HDF5 file"),
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive (npz, PyTorch or Keras)"),
      ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array file"),
    ]
    if let match = signatures.first(where: { start.starts(with: $0.bytes) }) {
      return "this is \(match.name), which this version doesn't read; it reads \(known)"
    }
    return "no file of a known format; this version reads \(known)"
  }
}
