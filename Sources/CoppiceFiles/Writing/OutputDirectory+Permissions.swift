package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension OutputDirectory {
  /// Sets the permissions of a directory and everything in it.
  ///
  /// Directories get the permissions unchanged; files get them without the execute bits.
  package static func setPermissions(
    _ permissions: FilePermissions, ofAllIn path: FilePath, durability: Durability
  ) throws(CoppiceError) {
    let handle = try DirectoryHandle(opening: path)
    let files = permissions.subtracting([.ownerExecute, .groupExecute, .otherExecute])
    for entry in try handle.entries() {
      let inner = path.appending(entry.name)
      switch entry.kind {
      case .directory: try setPermissions(permissions, ofAllIn: inner, durability: durability)
      case .file: try set(files, of: inner, durability)
      case .other: break
      }
    }
    try set(permissions, of: path, durability)
  }

  private static func set(
    _ permissions: FilePermissions, of path: FilePath, _ durability: Durability
  ) throws(CoppiceError) {
    let descriptor: FileDescriptor
    do {
      // Opened first: the new permissions may forbid opening.
      descriptor = try FileDescriptor.open(path, .readOnly, options: [.noFollow, .closeOnExec])
    } catch {
      throw .system((error as? Errno) ?? .ioError, "open", file: path.string)
    }
    defer { try? descriptor.close() }
    guard fchmod(descriptor.rawValue, permissions.rawValue) == 0 else {
      throw .system(Errno(rawValue: errno), "set the permissions", file: path.string)
    }
    guard durability == .durable else { return }
    if fsync(descriptor.rawValue) != 0, errno != EINVAL, errno != ENOTSUP {
      throw .system(Errno(rawValue: errno), "put on stable storage", file: path.string)
    }
  }
}
