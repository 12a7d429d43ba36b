package import CoppiceModel
package import SystemPackage

/// Deletion of checkpoints that never shows one half deleted: the checkpoint is renamed first.
///
/// A crash leaves a temporary, which the next save beside it deletes.
///
/// Spec: DIR-24.
package enum StagedRemoval {
  /// Deletes a file or directory with everything in it.
  ///
  /// - Returns: `false` when nothing exists at the path.
  /// - Throws: `io.*`.
  package static func remove(
    _ path: FilePath, durability: Durability = .durable
  ) throws(CoppiceError) -> Bool {
    guard let name = path.lastComponent?.string, name != "..", name != "." else {
      throw CoppiceError(
        .usagePath, "the path to delete must end in a name; give the full path",
        at: .init(file: path.string))
    }
    guard StagedOutput.exists(path) else { return false }
    let parent = path.removingLastComponent()
    let aside = parent.appending(StagedOutput.newName(.temporary, of: name))
    if let error = Renaming.withoutReplacing(path, aside) {
      if error == .noSuchFileOrDirectory { return false }
      throw .system(error, "delete", file: path.string)
    }
    let lock = try TemporaryLock.take(aside)
    if durability == .durable { try OutputDirectory.sync(parent.isEmpty ? "." : parent) }
    // Another process may have found the temporary first, and be deleting it already.
    if case .taken = lock { return true }
    try OutputDirectory.remove(aside)
    withExtendedLifetime(lock) {}
    return true
  }
}
