package import CoppiceModel
import Synchronization
package import SystemPackage

/// The files and directories that would be left behind if the process ended now.
///
/// A program that is asked to end refuses new ones. It deletes the existing ones when the work that
/// makes them doesn't stop in time.
package enum UnfinishedFiles {
  private struct State {
    var paths: Set<FilePath> = []
    /// The number of them that are being given their final names.
    var commits = 0
    var areRefused = false
    var areAbandoned = false
  }

  private static let state = Mutex(State())

  /// Registers a path before a file is made there.
  ///
  /// - Throws: `operation.cancelled` when the process is about to end.
  package static func begin(_ path: FilePath) throws(CoppiceError) {
    try state.withLock { (state) throws(CoppiceError) in
      guard !state.areRefused else { throw .cancelled }
      state.paths.insert(path)
    }
  }

  /// Unregisters a path where nothing is left.
  package static func end(_ path: FilePath) { state.withLock { _ = $0.paths.remove(path) } }

  /// Runs the renaming of a file to its final name; no unfinished file is deleted meanwhile.
  ///
  /// - Throws: `operation.cancelled` when all were deleted; the errors of `body`.
  package static func committing(
    _ body: () throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try state.withLock { (state) throws(CoppiceError) in
      guard !state.areAbandoned else { throw .cancelled }
      state.commits += 1
    }
    defer { state.withLock { $0.commits -= 1 } }
    try body()
  }

  /// Refuses all further files, because the process is about to end.
  package static func refuseMore() { state.withLock { $0.areRefused = true } }

  /// Stops work on a file when the process is about to end.
  ///
  /// - Throws: `operation.cancelled`.
  package static func check() throws(CoppiceError) {
    if state.withLock({ $0.areRefused }) { throw .cancelled }
  }

  /// Deletes all unfinished files, even while other threads still write to them.
  ///
  /// - Returns: `false` when a commit is running or some files remain: call again.
  package static func abandon() -> Bool {
    let paths = state.withLock { state -> Set<FilePath>? in
      guard state.commits == 0 else { return nil }
      state.areRefused = true
      state.areAbandoned = true
      return state.paths
    }
    guard let paths else { return false }
    for path in paths { try? OutputDirectory.remove(path) }
    return paths.allSatisfy { !StagedOutput.exists($0) }
  }
}
