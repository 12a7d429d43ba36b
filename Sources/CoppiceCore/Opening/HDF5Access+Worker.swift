public import CoppiceFiles

extension HDF5Access {
  /// The program `coppice-hdf5-worker` in the directory of the running program; this process where the
  /// system doesn't tell the directory.
  ///
  /// A worker that is missing there is an error when a file is opened: hostile files must not reach this
  /// process because the worker is missing.
  public static var workerBesideProgram: HDF5Access {
    guard let program = FilePath.executable else { return .inProcess }
    return .worker(program.removingLastComponent().appending("coppice-hdf5-worker"))
  }
}
