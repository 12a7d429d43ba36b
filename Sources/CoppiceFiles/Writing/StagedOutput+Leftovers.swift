package import CoppiceModel
package import SystemPackage

extension StagedOutput {
  /// The purpose of a file or directory beside a target.
  enum Role: String {
    /// Output being written, or replaced content waiting for deletion.
    case temporary = "tmp"
    /// The old content of a target under replacement, where the system can't exchange names.
    case aside = "old"
  }

  /// Returns the prefix of names beside a target, short enough for the longest names.
  ///
  /// Spec: DIR-20, DIR-23.
  static func prefix(_ role: Role, of name: String) -> String {
    ".\(stem(of: name)).coppice-\(role.rawValue)-"
  }

  /// Returns a unique name beside a target.
  static func newName(_ role: Role, of name: String) -> String {
    prefix(role, of: name) + String(UInt64.random(in: .min ... .max), radix: 16)
  }

  /// Returns whether `newName` can have made a name; other names belong to other programs.
  private static func isName(_ text: String, _ role: Role, of name: String) -> Bool {
    let prefix = prefix(role, of: name).utf8
    let identifier = text.utf8.dropFirst(prefix.count)
    return text.utf8.starts(with: prefix) && !identifier.isEmpty
      && identifier.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  private static func stem(of name: String) -> String {
    var stem = name.unicodeScalars
    while stem.reduce(0, { $0 + UTF8.width($1) }) > 200 { stem.removeLast() }
    return String(stem)
  }

  /// Deletes what crashed saves of a target left behind: temporaries that no process has locked.
  ///
  /// An old version that was renamed aside is deleted only where the target exists: otherwise it
  /// may be the only copy.
  ///
  /// Spec: DIR-24.
  package static func removeLeftovers(of name: String, in parent: FilePath) {
    let directory = parent.isEmpty ? FilePath(".") : parent
    guard let handle = try? DirectoryHandle(opening: directory),
      let entries = try? handle.entries()
    else { return }
    for entry in entries {
      let path = directory.appending(entry.name)
      if isName(entry.name, .temporary, of: name) {
        removeIfUnlocked(path)
      } else if isName(entry.name, .aside, of: name) {
        // A truncated name is ambiguous; never delete by it.
        let isWhole = stem(of: name).utf8.elementsEqual(name.utf8)
        if isWhole, exists(directory.appending(name)) { removeIfUnlocked(path) }
      }
    }
  }

  /// Deletes a file or directory unless a process is writing it.
  private static func removeIfUnlocked(_ path: FilePath) {
    guard case .locked(let lock)? = try? TemporaryLock.take(path) else { return }
    try? OutputDirectory.remove(path)
    withExtendedLifetime(lock) {}
  }
}

extension StagedOutput {
  /// Deletes what crashed saves and deletions of any target left in a directory, and renames an old
  /// version back when its replacement never arrived.
  ///
  /// Files and directories that a running writer has locked are left alone.
  ///
  /// Spec: DIR-24.
  package static func removeAllLeftovers(in directory: FilePath) throws(CoppiceError) {
    let entries = try DirectoryHandle(opening: directory).entries()
    for entry in entries {
      guard let name = target(of: entry.name, .temporary) else { continue }
      if isName(entry.name, .temporary, of: name) {
        removeIfUnlocked(directory.appending(entry.name))
      }
    }
    for entry in entries {
      // A truncated name is ambiguous; never delete or rename by it.
      guard let name = target(of: entry.name, .aside), stem(of: name).utf8.elementsEqual(name.utf8),
        isName(entry.name, .aside, of: name)
      else { continue }
      let path = directory.appending(entry.name)
      if exists(directory.appending(name)) {
        removeIfUnlocked(path)
      } else if !hasTemporary(of: name, in: directory) {
        _ = Renaming.withoutReplacing(path, directory.appending(name))
      }
    }
  }

  /// Returns the target's name from a name beside it, `.<target>.coppice-<role>-<id>`.
  private static func target(of name: String, _ role: Role) -> String? {
    let bytes = Array(name.utf8)
    let mark = Array(".coppice-\(role.rawValue)-".utf8)
    guard bytes.first == 0x2E, bytes.count > mark.count + 1 else { return nil }
    let place = bytes.indices.dropFirst().last { bytes[$0...].starts(with: mark) }
    return place.map { String(decoding: bytes[1..<$0], as: UTF8.self) }
  }

  private static func hasTemporary(of name: String, in directory: FilePath) -> Bool {
    let entries = (try? DirectoryHandle(opening: directory).entries()) ?? []
    return entries.contains { isName($0.name, .temporary, of: name) }
  }
}
