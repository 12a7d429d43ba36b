import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceOrbax

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
