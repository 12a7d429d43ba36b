package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file or directory that is made under a temporary name and takes its final name when whole.
///
/// The temporary lies beside the target, as `.<target>.coppice-tmp-<id>`, and holds a lock while its
/// writer lives. Nothing that looks finished exists before `commit`, and what had the name before
/// stays until then.
///
/// Spec: DIR-20 and following.
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
  private var lock: FileDescriptor?
  private var isFinished = false

  /// Makes the temporary.
  ///
  /// - Throws: `operation.exists` when the target exists and `replacing` is false; `io.*`.
  package init(_ kind: Kind, for target: FilePath, replacing: Bool) throws(CoppiceError) {
    guard let name = target.lastComponent?.string, name != "..", name != "." else {
      throw CoppiceError(
        .usagePath, "the target needs a name of its own", at: .init(file: target.string))
    }
    self.target = target
    self.kind = kind
    self.isReplacing = replacing
    if !replacing, Self.exists(target) { throw Self.alreadyExists(target) }
    let parent = target.removingLastComponent()
    Self.removeLeftovers(of: name, in: parent)
    let prefix = Self.temporaryPrefix(name)
    let identifier = String(UInt64.random(in: .min ... .max), radix: 16)
    path = parent.appending(prefix + identifier)
    switch kind {
    case .directory:
      try OutputDirectory.create(path)
      lock = try Self.takeLock(path.appending(Self.lockName))
    case .file:
      lock = try Self.takeLock(path)
    }
  }

  deinit { discard() }

  /// Gives the target its name; afterwards the save has happened.
  ///
  /// - Throws: `operation.exists` when another has taken the name meanwhile; `io.*`. The temporary
  ///   is deleted then.
  package func commit(durability: Durability) throws(CoppiceError) {
    do throws(CoppiceError) {
      if kind == .directory {
        try OutputDirectory.remove(path.appending(Self.lockName))
        if durability == .durable { try OutputDirectory.sync(path) }
      }
      try rename()
    } catch {
      discard()
      throw error
    }
    isFinished = true
    try? lock?.close()
    lock = nil
    if durability == .durable {
      let parent = target.removingLastComponent()
      try OutputDirectory.sync(parent.isEmpty ? "." : parent)
    }
  }

  /// Deletes the temporary; the target stays as it was.
  package func discard() {
    guard !isFinished else { return }
    isFinished = true
    try? OutputDirectory.remove(path)
    try? lock?.close()
    lock = nil
  }

  private func rename() throws(CoppiceError) {
    if isReplacing, Self.exists(target) {
      try exchange()
      return
    }
    let status = Renaming.withoutReplacing(path, target)
    switch status {
    case nil: return
    case .fileExists?, .directoryNotEmpty?: throw Self.alreadyExists(target)
    case let error?: throw .system(error, "give the result its name", file: target.string)
    }
  }

  /// Swaps the temporary with what has the name; then the old one is deleted.
  private func exchange() throws(CoppiceError) {
    if let error = Renaming.exchanging(path, target) {
      throw .system(error, "replace", file: target.string)
    }
    // The old one now bears the temporary name. Failing to delete it loses nothing: the next save
    // beside it cleans up.
    try? OutputDirectory.remove(path)
  }

  private static func exists(_ path: FilePath) -> Bool {
    var status = stat()
    return unsafe path.withPlatformString { unsafe lstat($0, &status) } == 0
  }

  private static func alreadyExists(_ path: FilePath) -> CoppiceError {
    CoppiceError(
      .operationExists, "already exists; give --replace to replace it",
      at: .init(file: path.string))
  }
}
