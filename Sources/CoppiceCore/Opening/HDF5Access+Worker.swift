public import CoppiceFiles

extension HDF5Access {
  /// The program `coppice-hdf5-worker` in the directory of the running program, or in `libexec/coppice`
  /// beside that directory; this process where the system doesn't tell the directory.
  ///
  /// A worker that is missing is an error when a file is opened: hostile files must not reach this
  /// process because the worker is missing.
  public static var workerBesideProgram: HDF5Access {
    guard let program = FilePath.executable else { return .inProcess }
    let directory = program.removingLastComponent()
    let beside = directory.appending("coppice-hdf5-worker")
    guard (try? InputFile(opening: beside)) == nil else { return .worker(beside) }
    // Where programs are installed, those that no user runs have a place of their own.
    let installed = directory.removingLastComponent().appending(
      "libexec/coppice/coppice-hdf5-worker")
    return .worker((try? InputFile(opening: installed)) == nil ? beside : installed)
  }
}
