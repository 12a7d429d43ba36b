import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors

/// The reader of safetensors files and sets of them.
struct SafetensorsFormatReader: BuiltInFormatReader {
  let name = "safetensors"

  func opens(_ directory: DirectoryHandle) -> Bool {
    (try? SafetensorsFormat.recognizes(directory: directory)) ?? false
  }

  func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? {
    try SafetensorsFormat.stranger(in: directory, limits: options.limits)
  }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard try SafetensorsFormat.recognizes(directory: directory) else { return nil }
    return .checkpoint(
      try SafetensorsFormat.open(directory, limits: options.limits, salvages: options.salvages))
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    if let set = try SafetensorsFormat.open(
      index: file, symlinks: options.symlinks, limits: options.limits)
    {
      return .checkpoint(set)
    }
    guard try SafetensorsFormat.recognizes(file: file) else { return nil }
    return .checkpoint(
      try SafetensorsFormat.open(file, limits: options.limits, salvages: options.salvages))
  }
}
