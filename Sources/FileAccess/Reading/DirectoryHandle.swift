package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open directory below which names are resolved one by one, so that nothing escapes it.
///
/// The directory is opened once: what is read later belongs to the same generation, even when
/// another takes its name meanwhile.
package final class DirectoryHandle: Sendable {
  let descriptor: FileDescriptor
  let policy: SymlinkPolicy

  /// The path that the user named, for messages.
  package let path: FilePath

  /// The directory's own path inside the checkpoint: empty, or ending in `/`.
  let prefix: String

  init(descriptor: FileDescriptor, path: FilePath, prefix: String, policy: SymlinkPolicy) {
    self.descriptor = descriptor
    self.path = path
    self.prefix = prefix
    self.policy = policy
  }

  /// Opens a directory that the user names; the path itself may be a symbolic link.
  package convenience init(
    opening path: FilePath, symlinks policy: SymlinkPolicy = .inside
  ) throws(CoppiceError) {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    } catch let error as Errno {
      throw .system(error, "open the directory", file: path.string)
    } catch {
      throw CoppiceError(.ioFailed, "can't open the directory", at: .init(file: path.string))
    }
    self.init(descriptor: descriptor, path: path, prefix: "", policy: policy)
  }

  deinit { try? descriptor.close() }

  /// The name of something below, as messages give it.
  package func displayName(_ relative: String) -> String {
    relative.isEmpty ? String(prefix.dropLast()) : prefix + relative
  }

  /// The path of something below as the system takes it: for programs that open it themselves.
  package func absolutePath(of relative: String) -> FilePath {
    path.pushing(FilePath(prefix + relative))
  }

  /// Opens a file below.
  ///
  /// - Throws: `file.missing`, `file.outside`, `file.symlink`, `file.kind`, `io.*`.
  package func open(_ relative: String) throws(CoppiceError) -> InputFile {
    let descriptor = try resolve(relative, options: [.nonBlocking, .closeOnExec])
    return try InputFile(adopting: descriptor, name: displayName(relative))
  }

  /// Opens a directory below.
  package func subdirectory(_ relative: String) throws(CoppiceError) -> DirectoryHandle {
    let descriptor = try resolve(relative, options: [.directory, .closeOnExec])
    return DirectoryHandle(
      descriptor: descriptor, path: path, prefix: displayName(relative) + "/", policy: policy)
  }

  /// Reads a whole small file below.
  package func allBytes(of relative: String, limit: Int) throws(CoppiceError) -> [UInt8] {
    try open(relative).allBytes(limit: limit)
  }
}
