package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Operations on directories that are being written.
package enum OutputDirectory {
  /// Makes a directory that must not exist.
  package static func create(_ path: FilePath) throws(CoppiceError) {
    guard unsafe path.withPlatformString({ unsafe mkdir($0, 0o777) }) == 0 else {
      throw .system(Errno(rawValue: errno), "make the directory", file: path.string)
    }
  }

  /// Makes a directory and those above it, as far as they are missing below `root`.
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

  /// Puts a directory's entries on stable storage.
  package static func sync(_ path: FilePath) throws(CoppiceError) {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    } catch {
      throw .system(
        (error as? Errno) ?? .ioError, "open the directory", file: path.string)
    }
    defer { try? descriptor.close() }
    // Some network file systems refuse to sync a directory; they have nothing to promise then.
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
    try remove(name, in: directory, path: path)
  }

  private static func remove(
    _ name: String, in directory: FileDescriptor, path: FilePath
  ) throws(CoppiceError) {
    if unsafe name.withCString({ unsafe unlinkat(directory.rawValue, $0, 0) }) == 0 { return }
    let failure = errno
    guard failure == EISDIR || failure == EPERM else {
      if failure == ENOENT { return }
      throw .system(Errno(rawValue: failure), "delete", file: path.string)
    }
    let opened = unsafe name.withCString {
      unsafe openat(directory.rawValue, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }
    guard opened >= 0 else {
      throw .system(Errno(rawValue: errno), "open the directory", file: path.string)
    }
    let inner = DirectoryHandle(
      descriptor: FileDescriptor(rawValue: opened), path: path, prefix: "", policy: .inside)
    for entry in try inner.entries() {
      try remove(entry.name, in: inner.descriptor, path: path.appending(entry.name))
    }
    guard unsafe name.withCString({ unsafe unlinkat(directory.rawValue, $0, AT_REMOVEDIR) }) == 0
    else { throw .system(Errno(rawValue: errno), "delete the directory", file: path.string) }
  }
}
