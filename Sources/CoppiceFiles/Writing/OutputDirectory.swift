package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Operations on directories that are being written.
package enum OutputDirectory {
  /// Renames a file or directory to a name that is free.
  ///
  /// - Throws: `io.*`.
  package static func rename(_ old: FilePath, to new: FilePath) throws(CoppiceError) {
    guard let error = Renaming.withoutReplacing(old, new) else { return }
    throw .system(error, "rename", file: old.string)
  }

  /// Makes a directory at a path that must be free.
  package static func create(_ path: FilePath) throws(CoppiceError) {
    guard unsafe path.withPlatformString({ unsafe mkdir($0, 0o777) }) == 0 else {
      throw .system(Errno(rawValue: errno), "make the directory", file: path.string)
    }
  }

  /// Makes the missing directories of a path below `root`.
  package static func createAll(
    _ components: some Sequence<String>, below root: FilePath
  ) throws(CoppiceError) -> FilePath {
    var path = root
    for component in components {
      path.append(component)
      if unsafe path.withPlatformString({ unsafe mkdir($0, 0o777) }) != 0, errno != EEXIST {
        throw .system(Errno(rawValue: errno), "make the directory", file: path.string)
      }
    }
    return path
  }

  /// Makes a directory and the missing directories above it.
  ///
  /// - Throws: `io.*`; `usage.address` when the path is an address.
  package static func createAll(
    _ path: FilePath, durability: Durability
  ) throws(CoppiceError) {
    guard path.lastComponent != nil, !StagedOutput.exists(path) else { return }
    try path.requireNoAddress()
    let parent = path.removingLastComponent()
    try createAll(parent, durability: durability)
    if unsafe path.withPlatformString({ unsafe mkdir($0, 0o777) }) != 0, errno != EEXIST {
      throw .system(Errno(rawValue: errno), "make the directory", file: path.string)
    }
    if durability == .durable { try sync(parent.isEmpty ? "." : parent) }
  }

  /// Flushes a directory's entries to stable storage.
  package static func sync(_ path: FilePath) throws(CoppiceError) {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    } catch {
      throw .system(
        (error as? Errno) ?? .ioError, "open the directory", file: path.string)
    }
    defer { try? descriptor.close() }
    // Some network file systems refuse to sync a directory; they can't promise durability anyway.
    if fsync(descriptor.rawValue) != 0, errno != EINVAL, errno != ENOTSUP {
      throw .system(
        Errno(rawValue: errno), "put the directory on stable storage", file: path.string)
    }
  }

  /// Deletes a file, or a directory with everything in it; links are deleted, never followed.
  ///
  /// It takes one descriptor for each level of directories that aren't empty, since the work that
  /// failed may have used up all others.
  package static func remove(_ path: FilePath) throws(CoppiceError) {
    guard path.lastComponent != nil else { return }
    let name = unsafe path.withPlatformString { name in
      unsafe Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
    }
    try remove(name, in: AT_FDCWD, path: path)
  }

  private static func remove(
    _ name: [CChar], in directory: CInt, path: FilePath
  ) throws(CoppiceError) {
    if unsafe unlinkat(directory, name, 0) == 0 { return }
    let failure = errno
    guard failure == EISDIR || failure == EPERM else {
      if failure == ENOENT { return }
      throw .system(Errno(rawValue: failure), "delete", file: path.string)
    }
    if unsafe unlinkat(directory, name, AT_REMOVEDIR) == 0 { return }
    try empty(name, in: directory, path: path)
    guard unsafe unlinkat(directory, name, AT_REMOVEDIR) == 0 else {
      throw .system(Errno(rawValue: errno), "delete the directory", file: path.string)
    }
  }

  /// Deletes everything in a directory.
  private static func empty(
    _ name: [CChar], in directory: CInt, path: FilePath
  ) throws(CoppiceError) {
    let opened = unsafe openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else {
      throw .system(Errno(rawValue: errno), "open the directory", file: path.string)
    }
    guard let stream = unsafe fdopendir(opened) else {
      let failure = errno
      close(opened)
      throw .system(Errno(rawValue: failure), "list the directory", file: path.string)
    }
    defer { unsafe closedir(stream) }
    // All names are read first: not every file system goes on listing where entries are deleted.
    // They are raw bytes, since not all names are valid text.
    var names: [[CChar]] = []
    while let item = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { bytes in
        unsafe bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name + [0]) }
    }
    for name in names { try remove(name, in: opened, path: path) }
  }
}
