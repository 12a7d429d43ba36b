package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file or directory that is written under a temporary name and renamed to its final name when
/// complete.
///
/// The temporary lies beside the target, as `.<target>.coppice-tmp-<id>`, and is locked while its
/// writer lives. Until `commit`, nothing that looks finished exists, and an old target stays in
/// place.
///
/// Spec: DIR-20 to DIR-24.
package final class StagedOutput {
  /// The kind of output.
  package enum Kind: Sendable {
    case file, directory
  }

  /// The path of the temporary, where callers write.
  package let path: FilePath

  private let target: FilePath
  private let kind: Kind
  private let isReplacing: Bool
  private var lock: TemporaryLock?
  private var isFinished = false

  /// Makes the temporary.
  ///
  /// - Throws: `operation.exists` when the target exists and `replacing` is false; `usage.path`,
  ///   `usage.address`; `io.*`.
  package init(_ kind: Kind, for target: FilePath, replacing: Bool) throws(CoppiceError) {
    try target.requireNoAddress()
    guard let name = target.lastComponent?.string, name != "..", name != "." else {
      throw CoppiceError(
        .usagePath, "the path of the target must end in a name; give the full path",
        at: .init(file: target.string))
    }
    if !replacing, Self.exists(target) { throw Self.alreadyExists(target) }
    let parent = target.removingLastComponent()
    Self.removeLeftovers(of: name, in: parent)
    self.target = target
    self.kind = kind
    self.isReplacing = replacing
    (path, lock) = try Self.makeTemporary(kind, for: name, in: parent)
  }

  deinit { discard() }

  /// Makes a temporary and locks it.
  ///
  /// Before the lock is taken, another process may delete the temporary as a leftover; then another
  /// one is made.
  private static func makeTemporary(
    _ kind: Kind, for name: String, in parent: FilePath
  ) throws(CoppiceError) -> (FilePath, TemporaryLock) {
    for _ in 0..<100 {
      let path = parent.appending(newName(.temporary, of: name))
      try UnfinishedFiles.begin(path)
      do throws(CoppiceError) {
        switch kind {
        case .directory: try OutputDirectory.create(path)
        case .file: _ = try OutputFile(at: path)
        }
      } catch {
        UnfinishedFiles.end(path)
        // The user doesn't know the temporary's name, so the error names the missing directory.
        guard error.code == .ioNotFound, !exists(parent), !parent.isEmpty else { throw error }
        throw CoppiceError(
          .ioNotFound, "the directory is not there; make it first",
          at: .init(file: parent.string), cause: error.cause)
      }
      do throws(CoppiceError) {
        switch try TemporaryLock.take(path) {
        case .locked(let lock), .unsupported(let lock): return (path, lock)
        case .taken: UnfinishedFiles.end(path)
        }
      } catch {
        try? OutputDirectory.remove(path)
        UnfinishedFiles.end(path)
        throw error
      }
    }
    throw CoppiceError(
      .ioFailed, "other programs keep deleting the temporary files in this directory; stop them",
      at: .init(file: parent.string))
  }

  /// Renames the temporary to the target's name, which completes the save.
  ///
  /// - Throws: `operation.exists` when another process has taken the name meanwhile;
  ///   `operation.cancelled` when the process is about to end; `io.*`. After an error the temporary
  ///   is deleted.
  package func commit(durability: Durability) throws(CoppiceError) {
    do throws(CoppiceError) {
      try UnfinishedFiles.committing { () throws(CoppiceError) in
        try takeName(durability)
      }
    } catch {
      discard()
      throw error
    }
  }

  private func takeName(_ durability: Durability) throws(CoppiceError) {
    let replacesSomething = Self.exists(target)
    if kind == .directory, durability == .durable { try OutputDirectory.sync(path) }
    let replaced = try rename()
    if durability == .durable {
      let parent = target.removingLastComponent()
      do throws(CoppiceError) {
        try OutputDirectory.sync(parent.isEmpty ? "." : parent)
      } catch {
        // A file that was replaced in one step can't be restored; then the new one stays.
        if replaced != nil || !replacesSomething { takeBack(replaced) }
        finish()
        throw error
      }
    }
    finish()
    // The old version goes last, when the new one is durable. The next save deletes it where this
    // fails.
    if let replaced { try? OutputDirectory.remove(replaced) }
  }

  /// Marks the output as finished: the temporary no longer exists.
  private func finish() {
    isFinished = true
    lock = nil
    UnfinishedFiles.end(path)
  }

  /// Restores the old names when a failed sync leaves unclear whether the new ones survive a power
  /// cut.
  private func takeBack(_ replaced: FilePath?) {
    if let replaced {
      let aside = target.removingLastComponent().appending(
        Self.newName(.aside, of: target.lastComponent?.string ?? ""))
      if case .success(let new?) = Renaming.replacing(target, with: replaced, aside: aside) {
        try? OutputDirectory.remove(new)
      }
    } else if Renaming.withoutReplacing(target, path) == nil {
      try? OutputDirectory.remove(path)
    }
  }

  /// Deletes the temporary; the target stays as it was.
  package func discard() {
    guard !isFinished else { return }
    do throws(CoppiceError) {
      try OutputDirectory.remove(path)
    } catch {
      // Perhaps no descriptor is left but the lock's. Other processes only delete what isn't locked.
      lock = nil
      try? OutputDirectory.remove(path)
    }
    finish()
  }

  /// Renames the temporary to the target's name.
  ///
  /// - Returns: The path of the old target, if it still exists.
  private func rename() throws(CoppiceError) -> FilePath? {
    if isReplacing, Self.exists(target) {
      let aside = target.removingLastComponent().appending(
        Self.newName(.aside, of: target.lastComponent?.string ?? ""))
      switch Renaming.replacing(target, with: path, aside: aside) {
      case .success(let replaced): return replaced
      case .failure(let error): throw .system(error, "replace", file: target.string)
      }
    }
    switch Renaming.withoutReplacing(path, target) {
    case nil: return nil
    case .fileExists?, .directoryNotEmpty?: throw Self.alreadyExists(target)
    case let error?: throw .system(error, "give the result its name", file: target.string)
    }
  }

  package static func exists(_ path: FilePath) -> Bool {
    var status = stat()
    return unsafe path.withPlatformString { unsafe lstat($0, &status) } == 0
  }

  /// Returns the error for a target that already exists.
  package static func alreadyExists(_ path: FilePath) -> CoppiceError {
    CoppiceError(
      .operationExists, "already exists; give `replacingExisting` to replace it",
      at: .init(file: path.string))
  }
}
