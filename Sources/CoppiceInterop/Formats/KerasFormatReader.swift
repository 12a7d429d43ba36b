import Coppice
import CoppiceFiles
import CoppiceHDF5Tree
import CoppiceModel

/// The reader of Keras 3 archives, whose weights are an HDF5 file inside.
struct KerasFormatReader: BuiltInFormatReader {
  let name = KerasArchive.name

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    guard try KerasArchive.recognizes(file, limits: options.limits) else { return nil }
    return .checkpoint(
      try KerasArchive.open(
        file, access: options.hdf5, choices: options.elementChoices, limits: options.limits))
  }
}
