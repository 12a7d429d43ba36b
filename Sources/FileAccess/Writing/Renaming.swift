import CPlatform
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Renames that either happen whole or don't.
enum Renaming {
  /// Renames unless the new name is taken; `nil` when it was done.
  static func withoutReplacing(_ old: FilePath, _ new: FilePath) -> Errno? {
    let error = rename(old, new, flags: CPLATFORM_RENAME_NOREPLACE)
    guard error == .invalidArgument || error == .noFunction || error == .notSupported else {
      return error
    }
    // A file system without the flag: a directory is never renamed over a full one, and for a file
    // the link fails where the name is taken.
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

  /// Swaps two names; `nil` when it was done.
  ///
  /// Where the system can't swap, the old one steps aside first: for a moment the name is free, and a
  /// crash in that moment leaves the old one under `<old>.replaced`.
  static func exchanging(_ old: FilePath, _ new: FilePath) -> Errno? {
    let error = rename(old, new, flags: CPLATFORM_RENAME_EXCHANGE)
    guard error == .invalidArgument || error == .noFunction || error == .notSupported else {
      return error
    }
    let aside = FilePath(old.string + ".replaced")
    if let failure = plain(new, aside) { return failure }
    if let failure = plain(old, new) {
      _ = plain(aside, new)
      return failure
    }
    return plain(aside, old)
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
