package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A shared lock on a directory that keeps other processes from deleting it while it is read.
///
/// Deleting takes the exclusive lock first (`StagedRemoval.removeUnlessRead`). The lock works
/// between processes; on a file system without such locks it has no effect.
package final class ReadingLock: Sendable {
  private let descriptor: FileDescriptor

  private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  deinit { try? descriptor.close() }

  /// Takes the lock on the directory that a path leads to now.
  ///
  /// - Throws: `io.not-found` when the directory is deleted or being deleted; `io.*`.
  package static func take(_ path: FilePath) throws(CoppiceError) -> ReadingLock {
    // The holder of the exclusive lock is either committing, which takes a moment, or deleting.
    for _ in 0..<500 {
      let descriptor: FileDescriptor
      do {
        descriptor = try FileDescriptor.open(
          path, .readOnly, options: [.closeOnExec, .nonBlocking])
      } catch {
        throw .system((error as? Errno) ?? .ioError, "open", file: path.string)
      }
      let lock = ReadingLock(descriptor)
      if flock(descriptor.rawValue, LOCK_SH | LOCK_NB) == 0 {
        if lock.isOn(path) { return lock }
      } else if errno != EWOULDBLOCK {
        return lock
      } else {
        usleep(10_000)
      }
    }
    throw .system(.resourceTemporarilyUnavailable, "lock for reading", file: path.string)
  }

  private func isOn(_ path: FilePath) -> Bool {
    var locked = stat()
    var named = stat()
    guard unsafe fstat(descriptor.rawValue, &locked) == 0,
      unsafe path.withPlatformString({ unsafe stat($0, &named) }) == 0
    else { return false }
    return locked.st_dev == named.st_dev && locked.st_ino == named.st_ino
  }
}
