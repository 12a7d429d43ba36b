import Coppice
import CoppiceFiles
import CoppiceModel
import CoppicePyTorch

/// The reader of `torch.save` archives and of the older file format.
struct PyTorchFormatReader: BuiltInFormatReader {
  let name = PyTorchFormat.name

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try PyTorchFormat.recognizes(file, limits: options.limits) else { return nil }
    return .checkpoint(try PyTorchFormat.open(file, limits: options.limits))
  }
}
