import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceZarr

/// The reader of zarr's hierarchies, in directories and zip archives.
struct ZarrFormatReader: BuiltInFormatReader {
  let name = ZarrFormat.name

  func recognizes(_ directory: DirectoryHandle) -> Bool {
    (try? ZarrFormat.recognizes(directory)) ?? false
  }

  func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? {
    try ZarrFormat.stranger(in: directory, limits: options.limits)
  }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard try ZarrFormat.recognizes(directory) else { return nil }
    return .checkpoint(try ZarrFormat.open(directory, limits: options.limits))
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    try ZarrFormat.open(file, limits: options.limits).map { .checkpoint($0) }
  }
}
