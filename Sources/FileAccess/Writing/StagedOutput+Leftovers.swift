import CoppiceModel
package import SystemPackage

extension StagedOutput {
  /// What a name beside a target is for.
  enum Role: String {
    /// What is being written, or what it replaced and is to be deleted.
    case temporary = "tmp"
    /// What has to be replaced and stepped aside, where names can't be exchanged.
    case aside = "old"
  }

  /// How the names beside a target begin; short enough for the longest names.
  ///
  /// Spec: DIR-20, DIR-23.
  static func prefix(_ role: Role, of name: String) -> String {
    ".\(stem(of: name)).coppice-\(role.rawValue)-"
  }

  /// A name beside a target that nobody else uses.
  static func newName(_ role: Role, of name: String) -> String {
    prefix(role, of: name) + String(UInt64.random(in: .min ... .max), radix: 16)
  }

  private static func stem(of name: String) -> String {
    var stem = name.unicodeScalars
    while stem.reduce(0, { $0 + UTF8.width($1) }) > 200 { stem.removeLast() }
    return String(stem)
  }

  /// Deletes what crashed saves of a target left: temporaries whose lock can be taken.
  ///
  /// What stepped aside is deleted only where something has the target's name: otherwise it may be
  /// the only one there is.
  ///
  /// Spec: DIR-24.
  package static func removeLeftovers(of name: String, in parent: FilePath) {
    let directory = parent.isEmpty ? FilePath(".") : parent
    guard let handle = try? DirectoryHandle(opening: directory),
      let entries = try? handle.entries()
    else { return }
    let temporary = prefix(.temporary, of: name)
    let aside = prefix(.aside, of: name)
    for entry in entries {
      let path = directory.appending(entry.name)
      if entry.name.utf8.starts(with: temporary.utf8) {
        removeIfUnlocked(path)
      } else if entry.name.utf8.starts(with: aside.utf8) {
        // A name that was cut doesn't tell whose this is.
        let isWhole = stem(of: name).utf8.elementsEqual(name.utf8)
        if isWhole, exists(directory.appending(name)) { removeIfUnlocked(path) }
      }
    }
  }

  /// Deletes what nobody is writing.
  private static func removeIfUnlocked(_ path: FilePath) {
    guard case .locked(let lock)? = try? TemporaryLock.take(path) else { return }
    try? OutputDirectory.remove(path)
    withExtendedLifetime(lock) {}
  }
}
