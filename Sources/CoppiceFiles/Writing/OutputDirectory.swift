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
  package static func remove(_ path: FilePath) throws(CoppiceError) {
    guard let name = path.lastComponent?.string else { return }
    let parent = path.removingLastComponent()
    let directory: FileDescriptor
    do {
      directory = try FileDescriptor.open(
        parent.isEmpty ? "." : parent, .readOnly, options: [.directory, .closeOnExec])
    } catch {
      throw .system((error as? Errno) ?? .ioError, "open the directory", file: parent.string)
    }
    defer { try? directory.close() }
    try remove(Array(name.utf8CString), in: directory, path: path)
  }

  private static func remove(
    _ name: [CChar], in directory: FileDescriptor, path: FilePath
  ) throws(CoppiceError) {
    if unsafe unlinkat(directory.rawValue, name, 0) == 0 { return }
    let failure = errno
    guard failure == EISDIR || failure == EPERM else {
      if failure == ENOENT { return }
      throw .system(Errno(rawValue: failure), "delete", file: path.string)
    }
    let opened = unsafe openat(
      directory.rawValue, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else {
      throw .system(Errno(rawValue: errno), "open the directory", file: path.string)
    }
    let inner = OwnedDescriptor(FileDescriptor(rawValue: opened))
    for entry in try names(in: inner.value, path: path) {
      try remove(entry, in: inner.value, path: path)
    }
    guard unsafe unlinkat(directory.rawValue, name, AT_REMOVEDIR) == 0 else {
      throw .system(Errno(rawValue: errno), "delete the directory", file: path.string)
    }
  }

  /// Returns the names in a directory as raw bytes, since not all names are valid text.
  private static func names(
    in directory: FileDescriptor, path: FilePath
  ) throws(CoppiceError) -> [[CChar]] {
    let duplicate = unsafe openat(directory.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard duplicate >= 0, let stream = unsafe fdopendir(duplicate) else {
      throw .system(Errno(rawValue: errno), "list the directory", file: path.string)
    }
    defer { unsafe closedir(stream) }
    var names: [[CChar]] = []
    while let item = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { bytes in
        unsafe bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name + [0]) }
    }
    return names
  }
}
