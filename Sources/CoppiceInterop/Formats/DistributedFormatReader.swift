import Coppice
import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import SystemPackage

/// The reader of distributed checkpoints of PyTorch.
struct DistributedFormatReader: BuiltInFormatReader {
  let name = DistributedFormat.name

  func recognizes(_ directory: DirectoryHandle) -> Bool { DistributedFormat.recognizes(directory) }

  func stranger(
    in directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> String? {
    try DistributedFormat.stranger(in: directory, limits: options.limits)
  }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    try DistributedFormat.open(directory, limits: options.limits).map { .checkpoint($0) }
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    let contents = try DistributedFormat.open(
      file,
      in: { () throws(CoppiceError) in
        try file.openDirectory(symlinks: options.symlinks)
      }, limits: options.limits)
    return contents.map { .checkpoint($0) }
  }
}
