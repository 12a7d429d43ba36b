package import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension DirectoryHandle {
  /// Returns the number of bytes of all regular files below an entry; symbolic links aren't followed.
  ///
  /// An entry that is deleted meanwhile counts nothing.
  ///
  /// - Parameters:
  ///   - name: The name of a file or directory in this directory.
  ///   - isFreed: Whether only files count that have no other name, such as those that are freed when
  ///     the entry is deleted.
  /// - Throws: `io.*`; `file.kind` when directories are nested deeper than `depth`.
  package func byteCount(
    below name: String, freed isFreed: Bool = false, depth: Int = 64
  ) throws(CoppiceError) -> Int {
    var status = stat()
    guard unsafe fstatat(descriptor.rawValue, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else {
        throw .system(Errno(rawValue: errno), "examine", file: displayName(name))
      }
      return 0
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return isFreed && status.st_nlink > 1 ? 0 : Int(status.st_size)
    case S_IFDIR:
      guard depth > 0 else {
        throw CoppiceError(
          .fileKind, "directories are nested deeper than any checkpoint's",
          at: .init(file: displayName(name)))
      }
      let directory: DirectoryHandle
      let entries: [Entry]
      do throws(CoppiceError) {
        directory = try subdirectory(name)
        entries = try directory.entries()
      } catch {
        guard error.code == .fileMissing else { throw error }
        return 0
      }
      var sum = 0
      for entry in entries {
        sum += try directory.byteCount(below: entry.name, freed: isFreed, depth: depth - 1)
      }
      return sum
    default: return 0
    }
  }
}
