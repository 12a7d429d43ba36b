import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An exclusive lock on a temporary file or directory itself, held by an open descriptor.
///
/// Only the holder may write or delete the temporary. The lock belongs to the file, not to its
/// name: after a rename it is on the file under the new name, so the name must be checked again
/// once the lock is held.
///
/// Spec: DIR-21, DIR-24.
final class TemporaryLock {
  private let descriptor: FileDescriptor

  /// The result of an attempt to lock.
  enum Outcome {
    /// The lock is held, and the path still leads to the locked file.
    case locked(TemporaryLock)
    /// Another process holds the lock, or has removed the file from the path.
    case taken
    /// The file system has no such locks; no process can take this one.
    case unsupported(TemporaryLock)
  }

  /// Tries to lock the file or directory at a path.
  ///
  /// - Throws: `io.*` when it can't be opened.
  static func take(_ path: FilePath) throws(CoppiceError) -> Outcome {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        path, .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
    } catch {
      let errno = (error as? Errno) ?? .ioError
      if errno == .noSuchFileOrDirectory { return .taken }
      throw .system(errno, "open the temporary", file: path.string)
    }
    let lock = TemporaryLock(descriptor: descriptor)
    if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
      return errno == EWOULDBLOCK ? .taken : .unsupported(lock)
    }
    return lock.isOn(path) ? .locked(lock) : .taken
  }

  private init(descriptor: FileDescriptor) { self.descriptor = descriptor }

  deinit { try? descriptor.close() }

  private func isOn(_ path: FilePath) -> Bool {
    var locked = stat()
    var named = stat()
    guard unsafe fstat(descriptor.rawValue, &locked) == 0,
      unsafe path.withPlatformString({ unsafe lstat($0, &named) }) == 0
    else { return false }
    return locked.st_dev == named.st_dev && locked.st_ino == named.st_ino
  }
}
