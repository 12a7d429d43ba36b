import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceNumPy

/// The reader of NumPy archives of named arrays.
struct NpzFormatReader: BuiltInFormatReader {
  let name = NumPyFormat.archiveName

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try NumPyFormat.recognizesArchive(file, limits: options.limits) else { return nil }
    return .checkpoint(try NumPyFormat.openArchive(file, limits: options.limits))
  }
}
