package import CoppiceFiles
package import CoppiceModel

extension GGUFFormat {
  /// Returns whether a directory has a GGUF file.
  package static func recognizes(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    try !fileNames(in: directory).isEmpty
  }

  /// Returns the names of a directory's GGUF files.
  ///
  /// Hidden ones don't count: file managers and unfinished downloads leave them.
  private static func fileNames(in directory: DirectoryHandle) throws(CoppiceError) -> [String] {
    try directory.entries()
      .filter { $0.kind != .directory && !$0.name.hasPrefix(".") && $0.name.hasSuffix(fileSuffix) }
      .map(\.name)
  }

  /// Opens a directory whose GGUF files are one model; `nil` when it has none.
  ///
  /// - Throws: `gguf.several-models`; as opening a file.
  package static func open(
    _ directory: DirectoryHandle, dequantizes: Bool = false, limits: ReadLimits = .standard,
    salvages: Bool = false
  ) throws(CoppiceError) -> CheckpointContents? {
    let names = try fileNames(in: directory)
    guard let name = names.first else { return nil }
    // Where the first file of a split model is lost, the error names it.
    let models = names.map { SplitName($0)?.name(of: 0) ?? $0 }
    guard let model = models.first, models.allSatisfy({ $0 == model }) else {
      let last = names[names.count - 1]
      throw CoppiceError(
        .ggufSeveralModels,
        "the directory has \(names.count) GGUF files, which are several models, such as "
          + "\"\(name.printable)\" and \"\(last.printable)\"; name the file to read")
    }
    let file: InputFile
    do throws(CoppiceError) {
      file = try directory.open(model)
    } catch {
      throw error.located(file: directory.displayName(model))
    }
    return try open(
      file, dequantizes: dequantizes, limits: limits, salvages: salvages
    ) { directory }
  }
}
