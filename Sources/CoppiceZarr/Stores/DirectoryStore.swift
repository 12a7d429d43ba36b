package import CoppiceFiles
package import CoppiceModel

/// A directory as a store: keys are the paths of its files.
package struct DirectoryStore: KeyValueStore {
  private let directory: DirectoryHandle
  private let files: OpenFiles

  /// Makes a store of the files below a directory.
  package init(_ directory: DirectoryHandle) {
    self.directory = directory
    self.files = OpenFiles(in: directory, namedBy: directory.displayName(""))
  }

  package func value(of key: StoreKey) throws(CoppiceError) -> (any ByteSource)? {
    do {
      guard let file = try files.file(at: key) else { return nil }
      return StoredFile(files: files, key: key, byteCount: file.byteCount)
    } catch {
      // A directory at the key isn't a value either; a link to nothing is a value that is lost.
      guard error.code == .fileMissing || error.code == .fileKind else { throw error }
      if error.code == .fileMissing, directory.hasLink(String(decoding: key, as: UTF8.self)) {
        throw error
      }
      return nil
    }
  }

  package func directories(in prefix: StoreKey) throws(CoppiceError) -> [String] {
    let name = String(decoding: prefix.dropLast(), as: UTF8.self)
    let below = name.isEmpty ? directory : try directory.subdirectory(name)
    return try below.entries().filter { $0.kind == .directory }.map(\.name)
  }

  package func leadsBack(_ name: String) throws(CoppiceError) -> Bool {
    guard directory.hasLink(name) else { return false }
    let target = try directory.subdirectory(name).identity
    var around = directory
    // By the names on the way here, some of which may be links themselves.
    for component in name.split(separator: "/").dropLast() {
      if around.identity == target { return true }
      around = try around.subdirectory(String(component))
    }
    return around.identity == target
  }

  package func displayName(of key: StoreKey) -> String {
    directory.displayName(String(printing: key))
  }

  package func keys(under prefix: StoreKey) throws(CoppiceError) -> [StoreKey] {
    // The names up to the last slash are a directory; the rest only filters.
    let head = prefix.lastIndex(of: 0x2F).map { Array(prefix[..<$0]) } ?? []
    let base = head.isEmpty ? [] : head + [0x2F]
    let below: DirectoryHandle
    if head.isEmpty {
      below = directory
    } else {
      guard let name = String(validating: head, as: UTF8.self),
        try directory.hasDirectory(name)
      else { return [] }
      below = try directory.subdirectory(name)
    }
    return try below.allFiles().map { base + Array($0.utf8) }.filter { $0.starts(with: prefix) }
  }
}

/// A whole file of a store, which is opened when it is read.
private struct StoredFile: ByteSource {
  let files: OpenFiles
  let key: StoreKey
  let byteCount: Int

  var place: StoredPlace? {
    StoredPlace(file: files.displayName(key), offset: 0, byteCount: byteCount)
  }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard let file = try files.file(at: key), file.byteCount >= byteCount else {
      throw CoppiceError(
        .ioShortRead, "the file became shorter while it was read",
        at: .init(file: files.displayName(key)))
    }
    try file.read(at: offset, into: &bytes)
  }
}
