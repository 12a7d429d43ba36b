package import CoppiceModel
package import SystemPackage

extension OutputDirectory {
  /// Deletes a directory in one step as others see it: first its name goes, then what is in it.
  ///
  /// A crash in between leaves a temporary, which the next save cleans up.
  ///
  /// - Returns: `false` when it is being read or deleted by another, and was left alone.
  /// - Throws: `io.*`; the directory is then where it was, or no longer has its name.
  package static func removeUnlessRead(_ path: FilePath) throws(CoppiceError) -> Bool {
    try retire(path) { (lock) throws(CoppiceError) in
      let name = path.lastComponent?.string ?? ""
      let aside = path.removingLastComponent()
        .appending(StagedOutput.newName(.temporary, of: name))
      if let error = Renaming.withoutReplacing(path, aside) {
        throw .system(error, "delete", file: path.string)
      }
      try remove(aside)
    }
  }

  /// Moves a directory into another one on the same file system, under its own name or, where that
  /// is taken, with a number behind it.
  ///
  /// - Returns: `false` when it is being read, moved or deleted by another, and was left alone.
  /// - Throws: `io.*`; the directory is then where it was.
  package static func moveUnlessRead(
    _ path: FilePath, into parent: FilePath
  ) throws(CoppiceError) -> Bool {
    try retire(path) { (lock) throws(CoppiceError) in
      let name = path.lastComponent?.string ?? ""
      for number in 1...Int.max {
        let target = parent.appending(number == 1 ? name : "\(name)-\(number)")
        switch Renaming.withoutReplacing(path, target) {
        case nil: return
        case .fileExists?, .directoryNotEmpty?: continue
        case let error?: throw .system(error, "move", file: path.string)
        }
      }
    }
  }

  private static func retire(
    _ path: FilePath, _ work: (TemporaryLock) throws(CoppiceError) -> Void
  ) throws(CoppiceError) -> Bool {
    switch try TemporaryLock.take(path) {
    case .taken: return false
    case .locked(let lock), .unsupported(let lock):
      // The lock goes with the directory: nobody takes it for a leftover while it is emptied.
      defer { withExtendedLifetime(lock) {} }
      try work(lock)
      return true
    }
  }
}
