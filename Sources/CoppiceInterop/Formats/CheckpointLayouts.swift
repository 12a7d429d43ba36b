public import Coppice
import CoppiceModel
import FileAccess
import OrbaxCheckpoint
import Safetensors

extension CheckpointLayouts {
  /// Every format that can be read, in the order in which they are tried.
  public static let all = CheckpointLayouts([
    CoppiceLayout(), OrbaxLayout(), KerasLayout(), PyTorchLayout(), NpzLayout(), NpyLayout(),
    SafetensorsLayout(), HDF5Layout(), FlaxLayout(), CoppiceVersion0Layout(),
  ])
}

/// Checkpoints of Orbax in all their layouts.
struct OrbaxLayout: CheckpointLayout {
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

/// Safetensors files and sets.
struct SafetensorsLayout: CheckpointLayout {
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
