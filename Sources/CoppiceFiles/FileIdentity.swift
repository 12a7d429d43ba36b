package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The identity of a file or directory: equal for two paths that lead to the same thing.
package struct FileIdentity: Hashable, Sendable {
  /// The kind of a path's file system object.
  package enum Kind: Hashable, Sendable {
    case file, directory, symbolicLink, other
  }

  private let device: UInt64
  private let inode: UInt64
  package let kind: Kind

  /// Examines a path; `nil` where nothing exists.
  ///
  /// - Parameter followsLink: Whether to examine a symbolic link's target instead of the link.
  package init?(of path: FilePath, followsLink: Bool = true) {
    var status = stat()
    let found = unsafe path.withPlatformString { text in
      followsLink ? unsafe stat(text, &status) : unsafe lstat(text, &status)
    }
    guard found == 0 else { return nil }
    self.init(status)
  }

  /// Examines an open file or directory; `nil` where the system can't.
  init?(of descriptor: FileDescriptor) {
    var status = stat()
    guard unsafe fstat(descriptor.rawValue, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
  }
}
