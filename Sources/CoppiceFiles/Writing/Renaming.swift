import CCoppicePlatform
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Renames that happen completely or not at all.
enum Renaming {
  /// Renames unless the new name is taken; returns `nil` on success.
  static func withoutReplacing(_ old: FilePath, _ new: FilePath) -> Errno? {
    let error = rename(old, new, flags: CPLATFORM_RENAME_NOREPLACE)
    guard error == .invalidArgument || error == .noFunction || error == .notSupported else {
      return error
    }
    // On a file system without the flag, a directory never replaces one that isn't empty, and a
    // file's hard link fails where the name is taken.
    let linked = unsafe old.withPlatformString { from in
      unsafe new.withPlatformString { to in unsafe link(from, to) }
    }
    if linked == 0 {
      _ = unsafe old.withPlatformString { unsafe unlink($0) }
      return nil
    }
    if errno == EEXIST { return .fileExists }
    return plain(old, new)
  }

  /// Gives a new file or directory the name of an old one.
  ///
  /// Both names are exchanged in one step. Where the system can't exchange names, a file still
  /// replaces a file in one step. Where either is a directory, the old one is first renamed to
  /// `aside`: the name is free for a moment, and a crash in that moment leaves the old one at
  /// `aside`.
  ///
  /// - Returns: The new path of the old file or directory; `nil` when it no longer exists.
  static func replacing(
    _ old: FilePath, with new: FilePath, aside: FilePath
  ) -> Result<FilePath?, Errno> {
    switch rename(new, old, flags: CPLATFORM_RENAME_EXCHANGE) {
    case nil: return .success(new)
    case .invalidArgument?, .noFunction?, .notSupported?: break
    case let error?: return .failure(error)
    }
    guard isDirectory(old) || isDirectory(new) else {
      return plain(new, old).map { .failure($0) } ?? .success(nil)
    }
    if let error = withoutReplacing(old, aside) { return .failure(error) }
    if let error = withoutReplacing(new, old) {
      _ = withoutReplacing(aside, old)
      return .failure(error)
    }
    return .success(aside)
  }

  private static func isDirectory(_ path: FilePath) -> Bool {
    var status = stat()
    guard unsafe path.withPlatformString({ unsafe lstat($0, &status) }) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  private static func rename(_ old: FilePath, _ new: FilePath, flags: UInt32) -> Errno? {
    let status = unsafe old.withPlatformString { from in
      unsafe new.withPlatformString { to in unsafe cplatform_rename(from, to, flags) }
    }
    return status == 0 ? nil : Errno(rawValue: status)
  }

  private static func plain(_ old: FilePath, _ new: FilePath) -> Errno? {
    let status = unsafe old.withPlatformString { from in
      unsafe new.withPlatformString { to in
        unsafe renameat(AT_FDCWD, from, AT_FDCWD, to)
      }
    }
    return status == 0 ? nil : Errno(rawValue: errno)
  }
}
