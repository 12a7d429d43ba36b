import CoppiceFiles
import CoppiceProcess

/// The unfinished work of this process, for a program that handles signals itself.
///
/// Without it, a process that is killed leaves temporary files beside its targets; the next save there
/// deletes them.
public enum UnfinishedWork {
  /// Refuses new files and ends the child processes, because this process is about to end.
  ///
  /// Operations that are running clean up and throw `operation.cancelled`.
  public static func refuseMore() {
    UnfinishedFiles.refuseMore()
    ChildProcess.endAll()
  }

  /// Deletes all unfinished files, even while other threads still write to them.
  ///
  /// - Returns: `false` when a file is being given its final name, or some files remain: call again.
  public static func abandon() -> Bool { UnfinishedFiles.abandon() }
}
