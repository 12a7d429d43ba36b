import CoppiceFiles
import CoppiceModel

/// The names in one directory, read once.
///
/// A symbolic link counts as its target. A link that leads nowhere, or out of the checkpoint,
/// counts as a file and as a directory: opening it then fails with the reason, instead of it being
/// taken for absent.
struct OrbaxListing {
  enum Kind: Hashable {
    case file, directory, unresolvedLink
  }

  let directory: DirectoryHandle
  private let entries: [(name: String, kind: Kind)]

  init(_ directory: DirectoryHandle) throws(CoppiceError) {
    self.directory = directory
    var entries: [(name: String, kind: Kind)] = []
    for entry in try directory.entries() {
      switch entry.kind {
      case .file: entries.append((entry.name, .file))
      case .directory: entries.append((entry.name, .directory))
      case .other:
        if Self.isUnresolved(entry.name, in: directory) {
          entries.append((entry.name, .unresolvedLink))
        }
      }
    }
    self.entries = entries
  }

  /// Returns whether a name is a link that can't be followed, rather than a device or a pipe.
  private static func isUnresolved(_ name: String, in directory: DirectoryHandle) -> Bool {
    do { return try directory.kind(of: name) == nil } catch { return true }
  }

  func hasFile(_ name: String) -> Bool { has(name) { $0 != .directory } }

  func hasDirectory(_ name: String) -> Bool { has(name) { $0 != .file } }

  /// The names of the directories, in order of their bytes.
  var directories: [String] { entries.filter { $0.kind != .file }.map(\.name) }

  /// The names of the files that can be opened, in order of their bytes.
  var files: [String] { entries.filter { $0.kind == .file }.map(\.name) }

  /// Returns whether a name is a link that can't be followed.
  func isUnresolvedLink(_ name: String) -> Bool { has(name) { $0 == .unresolvedLink } }

  /// Returns the listing of a directory below.
  func below(_ name: String) throws(CoppiceError) -> OrbaxListing {
    try OrbaxListing(try directory.subdirectory(name))
  }

  private func has(_ name: String, _ isKind: (Kind) -> Bool) -> Bool {
    entries.contains { isKind($0.kind) && $0.name.utf8.elementsEqual(name.utf8) }
  }
}
