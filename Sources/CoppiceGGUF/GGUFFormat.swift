package import CoppiceFiles
package import CoppiceModel

/// The reader of GGUF: a file, or the files of a split model.
package enum GGUFFormat {
  /// The format's name in the reader's result.
  package static let name = "gguf"

  static let fileSuffix = ".gguf"

  /// Returns whether a file is meant to be GGUF, whole or damaged.
  package static func recognizes(_ file: InputFile) throws(CoppiceError) -> Bool {
    if file.name.hasSuffix(fileSuffix) { return true }
    let magic = GGUFHeader.magic
    guard file.byteCount >= magic.count else { return false }
    return try file.bytes(at: 0, count: magic.count) == magic
  }

  /// Opens a file without reading the tensors' bytes, and all files of a split model by the first of them.
  ///
  /// - Parameters:
  ///   - dequantizes: Whether quantised tensors are read as 32-bit floats, where their type is decoded.
  ///   - salvages: Whether tensors whose bytes a file lacks become leaves with faults.
  ///   - directory: Returns the directory of the file; called for a split model.
  /// - Throws: `gguf.*`, `file.*`, `io.*`.
  package static func open(
    _ file: InputFile, dequantizes: Bool = false, limits: ReadLimits = .standard,
    salvages: Bool = false, directory: () throws(CoppiceError) -> DirectoryHandle
  ) throws(CoppiceError) -> CheckpointContents {
    let first = try OpenedGGUF(file, limits: limits, salvages: salvages)
    var model = OpenedModel(first, dequantizes: dequantizes)
    if let split = first.split, split.count > 1 {
      try model.addRest(of: split, in: try directory(), limits: limits, salvages: salvages)
    }
    return model.contents
  }
}
