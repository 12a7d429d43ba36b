import Coppice

/// The processes that run the tool together.
enum ToolGroup {
  /// The group, if the tool was started with one.
  @TaskLocal static var current: (any ProcessGroup)?

  /// The time that a process may be silent before the others take it for lost.
  static let waitLimit = Duration.seconds(30)

  /// The group, if it has several processes, which divide the work of a command.
  static var ofSeveral: (any ProcessGroup)? { current.flatMap { $0.count > 1 ? $0 : nil } }

  /// Does a part of a divided command on each process; if it fails on one, all fail.
  ///
  /// - Parameter name: A name of the part alone.
  /// - Throws: The error of this process, if others failed likewise; otherwise the same on all.
  nonisolated(nonsending) static func onAll<Value>(
    _ name: String, _ body: nonisolated(nonsending) () async throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    guard let group = ofSeveral else { return try await body() }
    var value: Value?
    var own: CoppiceError?
    do throws(CoppiceError) { value = try await body() } catch { own = error }
    do throws(CoppiceError) {
      try await group.agree(on: own, named: name, within: waitLimit)
    } catch {
      // What is wrong for all needs no names of ranks.
      guard let own, own.code == error.code else { throw error }
      throw own
    }
    guard let value else { throw ExitStatus.couldNotTell }
    return value
  }

  /// Does a part of a divided command on rank 0 alone; all fail if it does.
  nonisolated(nonsending) static func onFirst(
    _ name: String, _ body: nonisolated(nonsending) () async throws(CoppiceError) -> Void
  ) async throws(CoppiceError) {
    guard let group = ofSeveral else { return try await body() }
    // It may take as long as it does for one process.
    _ = try await group.decide(named: name, within: .seconds(86_400 * 365)) {
      () async throws(CoppiceError) in
      try await body()
      return []
    }
  }

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
