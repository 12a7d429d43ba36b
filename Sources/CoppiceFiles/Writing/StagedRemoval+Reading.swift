package import CoppiceModel
package import SystemPackage

extension StagedRemoval {
  /// Deletes a directory unless it is being read (`ReadingLock`).
  ///
  /// - Returns: `false` when another process reads, moves or deletes it; it is then left alone.
  /// - Throws: `io.*`; the directory is then unchanged, or already renamed to a temporary.
  package static func removeUnlessRead(
    _ path: FilePath, durability: Durability = .durable
  ) throws(CoppiceError) -> Bool {
    try locking(path) { (name, parent) throws(CoppiceError) in
      let aside = parent.appending(StagedOutput.newName(.temporary, of: name))
      if let error = Renaming.withoutReplacing(path, aside) {
        throw .system(error, "delete", file: path.string)
      }
      // Without the sync, a power cut could bring back the name of a half-deleted directory.
      if durability == .durable { try OutputDirectory.sync(parent) }
      try OutputDirectory.remove(aside)
    }
  }

  /// Moves a directory into another one on the same file system, unless it is being read.
  ///
  /// A number is appended to the name where it is taken.
  ///
  /// - Returns: `false` when another process reads, moves or deletes it; it is then left alone.
  /// - Throws: `io.*`; the directory is then where it was.
  package static func moveUnlessRead(
    _ path: FilePath, into directory: FilePath
  ) throws(CoppiceError) -> Bool {
    try locking(path) { (name, _) throws(CoppiceError) in
      for number in 1...Int.max {
        let target = directory.appending(number == 1 ? name : "\(name)-\(number)")
        switch Renaming.withoutReplacing(path, target) {
        case nil: return
        case .fileExists?, .directoryNotEmpty?: continue
        case let error?: throw .system(error, "move", file: path.string)
        }
      }
    }
  }

  private static func locking(
    _ path: FilePath, _ work: (_ name: String, _ parent: FilePath) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> Bool {
    guard let name = path.lastComponent?.string, name != "..", name != "." else {
      throw CoppiceError(
        .usagePath, "the path of the directory must end in a name; give its full path",
        at: .init(file: path.string))
    }
    let parent = path.removingLastComponent()
    switch try TemporaryLock.take(path) {
    case .taken: return false
    case .locked(let lock), .unsupported(let lock):
      // The lock stays on the renamed directory, so that no process deletes it as a leftover
      // meanwhile.
      defer { withExtendedLifetime(lock) {} }
      try work(name, parent.isEmpty ? "." : parent)
      return true
    }
  }
}
