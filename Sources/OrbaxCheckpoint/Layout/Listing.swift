import CoppiceModel
import FileAccess

/// The names in one directory, read once.
struct Listing {
  let directory: DirectoryHandle
  let entries: [DirectoryHandle.Entry]

  init(_ directory: DirectoryHandle) throws(CoppiceError) {
    self.directory = directory
    self.entries = try directory.entries()
  }

  func hasFile(_ name: String) -> Bool { has(name, .file) }

  func hasDirectory(_ name: String) -> Bool { has(name, .directory) }

  /// The names of the directories, in order of their bytes.
  var directories: [String] { names(.directory) }

  /// The names of the files, in order of their bytes.
  var files: [String] { names(.file) }

  /// The same for a directory below.
  func below(_ name: String) throws(CoppiceError) -> Listing {
    try Listing(try directory.subdirectory(name))
  }

  private func has(_ name: String, _ kind: DirectoryHandle.EntryKind) -> Bool {
    entries.contains { $0.kind == kind && $0.name.utf8.elementsEqual(name.utf8) }
  }

  private func names(_ kind: DirectoryHandle.EntryKind) -> [String] {
    entries.filter { $0.kind == kind }.map(\.name)
  }
}
