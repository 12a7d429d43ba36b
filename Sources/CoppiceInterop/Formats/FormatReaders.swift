public import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceOrbax
import CoppiceSafetensors

extension FormatReaders {
  /// All format readers, in the order in which they are tried.
  public static let all = FormatReaders([
    CoppiceFormatReader(), OrbaxFormatReader(), KerasFormatReader(), PyTorchFormatReader(),
    NpzFormatReader(), NpyFormatReader(),
    SafetensorsFormatReader(), HDF5FormatReader(), FlaxFormatReader(),
    CoppiceVersion0FormatReader(),
  ])
}

/// The reader of all Orbax layouts.
struct OrbaxFormatReader: BuiltInFormatReader {
  let name = "orbax"

  func recognizes(_ directory: DirectoryHandle) -> Bool {
    (try? OrbaxCheckpoint.recognizes(directory)) ?? false
  }

  func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? { try OrbaxCheckpoint.stranger(in: directory) }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard try OrbaxCheckpoint.recognizes(directory) else { return nil }
    return try OrbaxCheckpoint.open(
      directory, limits: options.limits, salvages: options.salvages)
  }
}

/// The reader of safetensors files and sets of them.
struct SafetensorsFormatReader: BuiltInFormatReader {
  let name = "safetensors"

  func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? {
    try SafetensorsFormat.stranger(in: directory, limits: options.limits)
  }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard try SafetensorsFormat.recognizes(directory: directory) else { return nil }
    return .checkpoint(try SafetensorsFormat.open(directory, limits: options.limits))
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try SafetensorsFormat.recognizes(file: file) else { return nil }
    return .checkpoint(try SafetensorsFormat.open(file, limits: options.limits))
  }
}
