import Coppice
import CoppiceFiles
import CoppiceHDF5Tree
import CoppiceMaintenance
import CoppiceModel
import SystemPackage

/// The reader of HDF5 files of any program, including Keras.
struct HDF5FormatReader: BuiltInFormatReader {
  let name = HDF5TreeFormat.name

  func open(_ file: InputFile, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
    if try HDF5TreeFormat.isClassicNetCDF(file) {
      throw CoppiceError(
        .formatUnsupported,
        "this is netCDF of the classic format, which is not read; nccopy -k nc4 makes a file of netCDF-4, which is",
        at: .init(file: file.name))
    }
    guard let path = file.path, try HDF5TreeFormat.recognizes(file) else { return nil }
    do throws(CoppiceError) {
      return .checkpoint(
        try HDF5TreeFormat.open(
          file, at: path, access: options.hdf5, choices: options.elementChoices,
          limits: options.limits))
    } catch {
      guard error.code == .hdf5TreeData, file.name == LoneTree.fileName else { throw error }
      return .checkpoint(
        try LoneTree.open(file.openDirectory(symlinks: options.symlinks), options: options))
    }
  }
}

extension OpenOptions {
  /// The elements of HDF5 that are read because the caller wants them.
  var elementChoices: ElementChoices {
    var choices: ElementChoices = []
    if readsSequences { choices.insert(.sequences) }
    if readsRawElements { choices.insert(.raw) }
    return choices
  }
}
