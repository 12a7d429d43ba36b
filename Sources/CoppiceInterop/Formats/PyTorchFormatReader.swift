import Coppice
import CoppiceFiles
import CoppiceModel
import CoppicePyTorch
import CoppiceSafetensors

/// The reader of `torch.save` archives, of the older file format, and of sets of both.
struct PyTorchFormatReader: BuiltInFormatReader {
  let name = PyTorchFormat.name

  func opens(_ directory: DirectoryHandle) -> Bool {
    (try? PyTorchFormat.recognizes(directory)) ?? false
  }

  func open(
    _ directory: DirectoryHandle, options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    // Where a model is there in both, safetensors is what its authors want to be read.
    guard try !SafetensorsFormat.recognizes(directory: directory) else { return nil }
    return try PyTorchFormat.open(directory, limits: options.limits).map { .checkpoint($0) }
  }

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    if let set = try PyTorchFormat.open(
      index: file, symlinks: options.symlinks, limits: options.limits)
    {
      return .checkpoint(set)
    }
    guard try PyTorchFormat.recognizes(file, limits: options.limits) else { return nil }
    return .checkpoint(try PyTorchFormat.open(file, limits: options.limits))
  }
}
