package import CoppiceFiles
import CoppiceModel
package import SystemPackage

/// The advice for a path that no reader recognises: what it is, and where the checkpoint may be.
package enum UnrecognizedPath {
  /// The greatest number of subdirectories that are examined.
  private static let maximumLooks = 32

  /// Describes a directory, and names a checkpoint in or around it.
  package static func advice(
    on directory: DirectoryHandle, _ formats: FormatReaders
  ) throws(CoppiceError) -> String {
    if try directory.hasFile(CheckpointReader.treeDocumentName) {
      let name = directory.path.lastComponent.map { " \"\($0.string.printable)\"" } ?? ""
      return
        "this is the checkpointable\(name) of a checkpoint; open the checkpoint around it, with the name"
    }
    if try CheckpointableReader.areInside({ directory }) {
      return
        "this checkpoint has lost its \(CheckpointReader.documentName), or was never finished; "
        + "repair it, if nothing else is lost"
    }
    let entries = try directory.entries()
    guard !entries.isEmpty else { return "no checkpoint: the directory is empty" }
    let near = entries.filter { $0.kind == .directory }.prefix(maximumLooks).filter { entry in
      guard let below = try? directory.subdirectory(entry.name) else { return false }
      return formats.list.contains { ($0 as? any BuiltInFormatReader)?.opens(below) ?? false }
    }
    if near.count == 1 { return "no checkpoint, but \(list(near)) in it is one" }
    if !near.isEmpty { return "no checkpoint, but some directories in it are: \(list(near))" }
    let files = entries.filter { entry in
      entry.kind == .file && suffixes.contains { entry.name.hasSuffix($0) }
    }
    if !files.isEmpty, formats.names != FormatReaders.coppice.names {
      return "no checkpoint by itself; name the file to read: \(list(files))"
    }
    return
      "no checkpoint of a known format (\(formats.names.joined(separator: ", "))): it holds \(list(entries))"
      + hint(formats)
  }

  /// The ends of the names of files that are often checkpoints.
  private static let suffixes = [
    ".bin", ".ckpt", ".gguf", ".h5", ".hdf5", ".keras", ".mat", ".msgpack", ".nc", ".npy", ".npz",
    ".pt", ".pth", ".safetensors",
  ]

  /// Returns the first names, in quotation marks.
  private static func list(_ entries: [DirectoryHandle.Entry]) -> String {
    entries.prefix(4).map { "\"\($0.name.printable)\"" }.joined(separator: ", ")
      + (entries.count > 4 ? ", …" : "")
  }

  /// Describes a file, and names the checkpoint that it belongs to.
  ///
  /// It also names the formats of files that are known by their first bytes but can't be read.
  package static func advice(
    on file: InputFile, at path: FilePath, _ formats: FormatReaders
  ) throws(CoppiceError) -> String {
    var directory = path
    for _ in 0..<3 where directory.removeLastComponent() {
      if let handle = try? DirectoryHandle(opening: directory.isEmpty ? "." : directory),
        isCheckpoint(handle, formats)
      {
        let name = directory.isEmpty ? "." : directory.string
        return "this file belongs to a checkpoint: name its directory, \"\(name.printable)\""
      }
    }
    let known = formats.names.joined(separator: ", ")
    let start = try file.bytes(at: 0, count: min(8, file.byteCount))
    let signatures: [(bytes: [UInt8], name: String)] = [
      ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "an HDF5 file"),
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive of another kind"),
      ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array file"),
    ]
    if let match = signatures.first(where: { start.starts(with: $0.bytes) }) {
      return "this is \(match.name), which is not read here; what is read: \(known)" + hint(formats)
    }
    return "no file of a known format; what is read: \(known)" + hint(formats)
  }

  /// Returns where other formats are read, for a call that tried this project's own alone.
  private static func hint(_ formats: FormatReaders) -> String {
    formats.names == FormatReaders.coppice.names
      ? "; OpenOptions(formats: .all) of CoppiceInterop reads those of other libraries" : ""
  }

  private static func isCheckpoint(
    _ directory: DirectoryHandle, _ formats: FormatReaders
  ) -> Bool {
    formats.list.contains { ($0 as? any BuiltInFormatReader)?.recognizes(directory) ?? false }
  }
}
