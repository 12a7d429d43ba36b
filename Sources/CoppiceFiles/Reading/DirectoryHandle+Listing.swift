package import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension DirectoryHandle {
  /// The kind of a directory entry; a symbolic link has the kind of its target.
  package enum EntryKind: Hashable, Sendable {
    case file, directory, other
  }

  /// One name in a directory.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var kind: EntryKind
  }

  /// Returns the kind of the entry at a relative path, or `nil` when there is none.
  ///
  /// - Throws: `file.symlink` when a link leads out of the checkpoint.
  package func kind(of relative: String) throws(CoppiceError) -> EntryKind? {
    let opened: FileDescriptor
    do {
      opened = try resolve(relative, options: [.nonBlocking, .closeOnExec]).descriptor
    } catch {
      if case .system(let errno)? = error.cause, Errno(rawValue: errno) == .noSuchAddressOrDevice {
        return .other
      }
      if error.code == .fileMissing || error.code == .fileKind { return nil }
      throw error
    }
    defer { try? opened.close() }
    var status = stat()
    guard unsafe fstat(opened.rawValue, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    default: return .other
    }
  }

  /// Returns whether a file lies at a relative path.
  package func hasFile(_ relative: String) throws(CoppiceError) -> Bool {
    try kind(of: relative) == .file
  }

  /// Returns whether a directory lies at a relative path.
  package func hasDirectory(_ relative: String) throws(CoppiceError) -> Bool {
    try kind(of: relative) == .directory
  }

  /// Returns whether this directory has no entry of a name, or a link to nothing; opens nothing else.
  package func lacks(_ name: String) -> Bool {
    var status = stat()
    guard unsafe fstatat(descriptor.rawValue, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      return errno == ENOENT
    }
    guard status.st_mode & S_IFMT == S_IFLNK else { return false }
    do {
      return try kind(of: name) == nil
    } catch {
      return false
    }
  }

  /// Returns whether a symbolic link lies at a relative path, wherever it leads.
  package func hasLink(_ relative: String) -> Bool {
    guard !relative.isEmpty, (try? RelativePath(checking: relative)) != nil else { return false }
    var status = stat()
    return unsafe fstatat(descriptor.rawValue, relative, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Returns whether a regular file of a given size lies at a relative path, without opening it.
  ///
  /// `false` isn't final: symbolic links and paths that the system refuses need a closer look. Nor does
  /// `true` say that the file can be opened: a directory on the way may be a link that leads out.
  package func holdsFile(_ relative: String, byteCount: Int) -> Bool {
    guard (try? RelativePath(checking: relative)) != nil else { return false }
    var status = stat()
    return unsafe fstatat(descriptor.rawValue, relative, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFREG && Int(status.st_size) == byteCount
  }

  /// Returns the entries of this directory without `.` and `..`, sorted by the bytes of their
  /// names.
  ///
  /// - Throws: `file.too-large` when there are more than `limit`; `io.*`.
  package func entries(limit: Int = 1 << 22) throws(CoppiceError) -> [Entry] {
    let duplicate = unsafe openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard duplicate >= 0, let stream = unsafe fdopendir(duplicate) else {
      throw .system(Errno(rawValue: errno), "list the directory", file: displayName(""))
    }
    defer { unsafe closedir(stream) }
    var found: [Entry] = []
    while let item = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &item.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      guard found.count < limit else {
        throw CoppiceError(
          .fileTooLarge, "the directory has more than \(limit) entries",
          at: .init(file: displayName("")))
      }
      let type = unsafe item.pointee.d_type
      switch Int32(type) {
      case Int32(DT_REG): found.append(Entry(name: name, kind: .file))
      case Int32(DT_DIR): found.append(Entry(name: name, kind: .directory))
      default:
        // A link, or a file system that reports no type: examine it. A dangling link is `other`.
        let kind = (try? kind(of: name)) ?? .other
        found.append(Entry(name: name, kind: kind))
      }
    }
    return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Returns the relative paths of all regular files below this directory, sorted by their bytes.
  ///
  /// - Throws: The errors of `entries(limit:)`, also for all directories together; `file.kind` when
  ///   directories are nested deeper than `depth`, or one is a link to a directory around it.
  package func allFiles(depth: Int = 64) throws(CoppiceError) -> [String] {
    // Links lead to more paths than there are directories.
    var rest = 1 << 22
    return try allFiles(depth: depth, below: [], &rest)
  }

  private func allFiles(
    depth: Int, below around: [FileIdentity], _ rest: inout Int
  ) throws(CoppiceError) -> [String] {
    let identity = identity
    if let identity, around.contains(identity) {
      throw CoppiceError(
        .fileKind, "this link leads back to a directory around it; delete the link",
        at: .init(file: displayName("")))
    }
    var files: [String] = []
    let entries = try entries()
    rest -= entries.count + 1
    guard rest >= 0 else {
      throw CoppiceError(
        .fileTooLarge, "the directory leads to more than \(1 << 22) files",
        at: .init(file: displayName("")))
    }
    for entry in entries {
      switch entry.kind {
      case .file: files.append(entry.name)
      case .directory:
        guard depth > 0 else {
          throw CoppiceError(
            .fileKind, "directories are nested deeper than any checkpoint's",
            at: .init(file: displayName(entry.name))
          )
        }
        let below = try subdirectory(entry.name).allFiles(
          depth: depth - 1, below: around + (identity.map { [$0] } ?? []), &rest)
        files.append(contentsOf: below.map { entry.name + "/" + $0 })
      case .other: break
      }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
