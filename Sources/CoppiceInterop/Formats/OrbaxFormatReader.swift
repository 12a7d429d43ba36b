import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceOrbax
import CoppiceZarr

/// The reader of all Orbax layouts.
struct OrbaxFormatReader: BuiltInFormatReader {
  let name = "orbax"

  func recognizes(_ directory: DirectoryHandle) -> Bool {
    (try? isOrbaxs(directory)) ?? false
  }

  /// Returns whether a directory is of Orbax: old versions have arrays of zarr without any document, as
  /// a zarr store has that lost its root's.
  private func isOrbaxs(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    guard try OrbaxCheckpoint.recognizes(directory) else { return false }
    return try !ZarrFormat.holdsGroup(directory)
  }

  func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? { try OrbaxCheckpoint.stranger(in: directory) }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard try isOrbaxs(directory) else { return nil }
    return try OrbaxCheckpoint.open(
      directory, limits: options.limits, salvages: options.salvages)
  }
}
