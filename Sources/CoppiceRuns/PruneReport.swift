public import CoppiceModel

/// The result of pruning a run, or its plan.
public struct PruneReport: Sendable {
  /// A step with the size of its files.
  public struct Deletion: Sendable {
    /// The description of the step.
    public var info: CheckpointInfo
    /// The number of bytes that the deletion frees: those of files without another name.
    public var byteCount: Int
  }

  /// A step that the policy doesn't keep, and that stays all the same.
  public struct Survivor: Sendable {
    /// The description of the step.
    public var info: CheckpointInfo
    /// The reason: `operation.in-use` if it is being read or was saved anew, or the error of its
    /// deletion.
    public var reason: CoppiceError
  }

  /// The steps that the policy keeps.
  public var kept: [CheckpointInfo] = []

  /// The steps that were deleted, or would be.
  public var deleted: [Deletion] = []

  /// The steps that could not be deleted.
  public var survivors: [Survivor] = []

  /// The faulty steps, which stay whatever the policy says.
  public var faulty: [CheckpointInfo] = []

  /// The number of bytes that all deletions free.
  public var byteCount: Int { deleted.reduce(0) { $0 + $1.byteCount } }
}
