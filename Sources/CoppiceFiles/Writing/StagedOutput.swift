package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file or directory that is made under a temporary name and takes its final name when whole.
///
/// The temporary lies beside the target, as `.<target>.coppice-tmp-<id>`, and is locked while its
/// writer lives. Nothing that looks finished exists before `commit`, and what had the name before
/// stays until then.
///
/// Spec: DIR-20 to DIR-24.
package final class StagedOutput {
  /// What is made.
  package enum Kind: Sendable {
    case file, directory
  }

  /// The temporary: write here.
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
        .usagePath, "the target needs a name of its own", at: .init(file: target.string))
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
  /// Between the two another process may take it for a leftover: then there is a next one.
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
        // Nobody knows the temporary's name.
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
      .ioFailed, "other programs keep deleting what is being written here",
      at: .init(file: parent.string))
  }

  /// Gives the target its name; afterwards the save has happened.
  ///
  /// - Throws: `operation.exists` when another has taken the name meanwhile; `operation.cancelled` when
  ///   the process is about to end; `io.*`. The temporary is deleted then.
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
        // A file that was replaced in one step is gone; then the new one stays.
        if replaced != nil || !replacesSomething { takeBack(replaced) }
        finish()
        throw error
      }
    }
    finish()
    // Only now: the new one is there for good. What can't be deleted, the next save cleans up.
    if let replaced { try? OutputDirectory.remove(replaced) }
  }

  /// Notes that there is no temporary any more.
  private func finish() {
    isFinished = true
    lock = nil
    UnfinishedFiles.end(path)
  }

  /// Gives the names back when nobody can say whether the new ones would outlive a power cut.
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
    try? OutputDirectory.remove(path)
    finish()
  }

  /// Gives the temporary the target's name.
  ///
  /// - Returns: Where what had the name before lies now, if it is still anywhere.
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

  /// The error that something has the target's name.
  package static func alreadyExists(_ path: FilePath) -> CoppiceError {
    CoppiceError(
      .operationExists, "already exists; give --replace to replace it",
      at: .init(file: path.string))
  }
}
