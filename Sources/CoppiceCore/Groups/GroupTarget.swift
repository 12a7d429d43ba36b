import CoppiceFiles
import CoppiceModel
package import SystemPackage

/// The target of a save by a group, and what rank 0 does there beside the save.
package struct GroupTarget: Sendable {
  /// The path of the checkpoint; that of rank 0 counts.
  let path: FilePath
  /// Whether an existing target is replaced.
  let isReplacing: Bool
  /// Called on rank 0 before it makes the temporary directory.
  let prepare: @Sendable () throws(CoppiceError) -> Void
  /// Called on rank 0 with the temporary directory when all files are written, before the checkpoint takes its name.
  let beforeCommit: @Sendable (FilePath) throws(CoppiceError) -> Void

  /// Makes the target of a step.
  package init(
    _ path: FilePath, isReplacing: Bool,
    beforeCommit: @escaping @Sendable (FilePath) throws(CoppiceError) -> Void
  ) {
    (self.path, self.isReplacing, self.beforeCommit) = (path, isReplacing, beforeCommit)
    prepare = {}
  }

  /// Makes the target of a checkpoint that is no step: directories above it are made, and only a checkpoint is replaced.
  init(_ path: FilePath, _ options: SaveOptions) {
    self.path = path
    isReplacing = options.target == .replacingExisting
    let (isReplacing, durability) = (isReplacing, options.durability)
    prepare = { () throws(CoppiceError) in
      if isReplacing {
        _ = try Replacement.check(path, by: CheckpointReader.formatName, options: OpenOptions())
      }
      try OutputDirectory.createAll(path.removingLastComponent(), durability: durability)
    }
    beforeCommit = { _ in }
  }
}
