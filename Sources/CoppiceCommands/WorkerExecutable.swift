import CoppiceFiles
import SystemPackage

/// The program in which foreign HDF5 files are parsed; it lies beside the tool.
enum WorkerExecutable {
  /// Its path; files are parsed in this process only where nothing tells where the tool lies.
  ///
  /// A worker that isn't there is an error: hostile files must not get at this process for want of it.
  static let path: FilePath? = FilePath.executable.map {
    $0.removingLastComponent().appending("coppice-hdf5-worker")
  }
}
