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
    guard let path = file.path, try HDF5TreeFormat.recognizes(file) else { return nil }
    do throws(CoppiceError) {
      return .checkpoint(
        try HDF5TreeFormat.open(
          file, at: path, access: options.hdf5, limits: options.limits))
    } catch {
      guard error.code == .hdf5TreeData, file.name == LoneTree.fileName else { throw error }
      let directory = path.removingLastComponent()
      return .checkpoint(
        try LoneTree.open(
          try DirectoryHandle(
            opening: directory.isEmpty ? "." : directory, symlinks: options.symlinks),
          options: options))
    }
  }
}
