import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension StagedOutput {
  /// The name of the lock file inside a temporary directory.
  static var lockName: String { "lock" }

  /// How the names of a target's temporaries begin; short enough for the longest names.
  static func temporaryPrefix(_ name: String) -> String {
    var stem = name
    while stem.utf8.count > 200 { stem.removeLast() }
    return ".\(stem).coppice-tmp-"
  }

  static func takeLock(_ path: FilePath) throws(CoppiceError) -> FileDescriptor {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: OutputFile.permissions)
    } catch {
      throw .system((error as? Errno) ?? .ioError, "create the file", file: path.string)
    }
    // A file system without locks leaves the temporary unlocked: nobody's clean-up then takes it.
    _ = flock(descriptor.rawValue, LOCK_EX | LOCK_NB)
    return descriptor
  }

  /// Deletes what crashed saves of a target left: temporaries whose lock can be taken.
  package static func removeLeftovers(of name: String, in parent: FilePath) {
    let directory = parent.isEmpty ? FilePath(".") : parent
    guard let handle = try? DirectoryHandle(opening: directory),
      let entries = try? handle.entries()
    else { return }
    let prefix = temporaryPrefix(name)
    for entry in entries where entry.name.hasPrefix(prefix) {
      let path = directory.appending(entry.name)
      let lockPath = entry.kind == .directory ? path.appending(lockName) : path
      guard
        let lock = try? FileDescriptor.open(
          lockPath, .readWrite, options: [.closeOnExec, .noFollow])
      else { continue }
      if flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 { try? OutputDirectory.remove(path) }
      try? lock.close()
    }
  }
}
