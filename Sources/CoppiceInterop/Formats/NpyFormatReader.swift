import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceNumPy

/// The reader of NumPy files with one array.
struct NpyFormatReader: BuiltInFormatReader {
  let name = NumPyFormat.arrayName

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try NumPyFormat.recognizesArray(file) else { return nil }
    return .checkpoint(try NumPyFormat.openArray(file, limits: options.limits))
  }
}
