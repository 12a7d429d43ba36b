import Coppice
import CoppiceFiles
import CoppiceGGUF
import CoppiceModel
import SystemPackage

/// The reader of GGUF files, and of models that are split into several.
struct GGUFFormatReader: BuiltInFormatReader {
  let name = GGUFFormat.name

  func opens(_ directory: DirectoryHandle) -> Bool {
    (try? GGUFFormat.recognizes(directory)) ?? false
  }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    try GGUFFormat.open(
      directory, dequantizes: options.dequantizes, limits: options.limits,
      salvages: options.salvages
    ).map { .checkpoint($0) }
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try GGUFFormat.recognizes(file) else { return nil }
    let contents = try GGUFFormat.open(
      file, dequantizes: options.dequantizes, limits: options.limits, salvages: options.salvages
    ) { () throws(CoppiceError) in
      try file.openDirectory(symlinks: options.symlinks)
    }
    return .checkpoint(contents)
  }
}
