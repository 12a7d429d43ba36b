import CoppiceFiles
import SystemPackage

/// The program that parses foreign HDF5 files; it lies beside the tool.
enum WorkerExecutable {
  /// The path of the worker; `nil` where the tool's own location is unknown.
  ///
  /// Without a path, files are parsed in this process. A missing worker at a known path is an
  /// error: hostile files must not reach this process because the worker is missing.
  static let path: FilePath? = FilePath.executable.map {
    $0.removingLastComponent().appending("coppice-hdf5-worker")
  }
}
