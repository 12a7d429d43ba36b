package import CoppiceModel
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open directory that resolves names below it one component at a time, so that none escapes it.
///
/// The directory is opened once: all later reads see the same generation, even when another
/// directory takes its name meanwhile.
package final class DirectoryHandle: Sendable {
  let owned: OwnedDescriptor
  let policy: SymlinkPolicy

  /// The directories above this one, from the one that the user named down.
  let ancestors: [OwnedDescriptor]

  /// The number of ancestors that no link may lead into: those above the checkpoint.
  let floor: Int

  /// The path that the user named, for messages.
  package let path: FilePath

  /// The directory's own path inside the checkpoint: empty, or ending in `/`.
  let prefix: String

  var descriptor: FileDescriptor { owned.value }

  init(
    _ owned: OwnedDescriptor, below ancestors: [OwnedDescriptor] = [], floor: Int = 0,
    path: FilePath, prefix: String = "", policy: SymlinkPolicy
  ) {
    self.owned = owned
    self.ancestors = ancestors
    self.floor = floor
    self.path = path
    self.prefix = prefix
    self.policy = policy
  }

  /// Opens a directory that the user names; the path itself may be a symbolic link.
  ///
  /// - Throws: `usage.address`, `io.*`.
  package convenience init(
    opening path: FilePath, symlinks policy: SymlinkPolicy = .inside
  ) throws(CoppiceError) {
    try path.requireNoAddress()
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    } catch let error as Errno {
      throw .system(error, "open the directory", file: path.string)
    } catch {
      throw CoppiceError(.ioFailed, "can't open the directory", at: .init(file: path.string))
    }
    self.init(OwnedDescriptor(descriptor), path: path, policy: policy)
  }

  /// The identity of the directory, by whatever path it was opened.
  package var identity: FileIdentity? { FileIdentity(of: descriptor) }

  /// Returns the name for messages of an entry below.
  package func displayName(_ relative: String) -> String {
    relative.isEmpty ? String(prefix.dropLast()) : prefix + relative
  }

  /// Returns the path of an entry below, for libraries and programs that open files themselves.
  package func absolutePath(of relative: String) -> FilePath {
    path.pushing(FilePath(prefix + relative))
  }

  /// Opens a file below.
  ///
  /// - Throws: `file.missing`, `file.outside`, `file.symlink`, `file.kind`, `io.*`.
  package func open(_ relative: String) throws(CoppiceError) -> InputFile {
    let found = try resolve(relative, options: [.nonBlocking, .closeOnExec])
    return try InputFile(adopting: found.descriptor, name: displayName(relative))
  }

  /// Opens a directory below.
  package func subdirectory(_ relative: String) throws(CoppiceError) -> DirectoryHandle {
    try directory(relative) { _ in floor }
  }

  /// Opens a directory below that is a checkpoint of its own: its links may not lead out of it.
  ///
  /// Spec: DIR-16.
  package func checkpoint(_ relative: String) throws(CoppiceError) -> DirectoryHandle {
    try directory(relative) { $0.count }
  }

  private func directory(
    _ relative: String, floor: ([OwnedDescriptor]) -> Int
  ) throws(CoppiceError) -> DirectoryHandle {
    let found = try resolve(relative, options: [.directory, .closeOnExec])
    let name = displayName(relative)
    return DirectoryHandle(
      OwnedDescriptor(found.descriptor), below: found.above, floor: floor(found.above), path: path,
      prefix: name.isEmpty ? "" : name + "/", policy: policy)
  }

  /// Reads a whole small file below.
  package func allBytes(of relative: String, limit: Int) throws(CoppiceError) -> [UInt8] {
    try open(relative).allBytes(limit: limit)
  }
}
