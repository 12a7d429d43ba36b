import Coppice

/// The processes that run the tool together.
enum ToolGroup {
  /// The group, if the tool was started with one.
  @TaskLocal static var current: (any ProcessGroup)?

  /// Refuses to run as one of several processes that know nothing of one another.
  ///
  /// - Throws: `usage.choice`; on other ranks than 0 an error that isn't printed.
  static func requireOneProcess() throws(CoppiceError) {
    guard let count = MPILauncher.processCount, count > 1 else { return }
    guard MPILauncher.rank == 0 else { throw ExitStatus.couldNotTell }
    throw CoppiceError(
      .usageChoice,
      "\(count) processes were started, but this program is built without MPI; start it without "
        + "mpirun, or build it by make build MPI=1")
  }
}
