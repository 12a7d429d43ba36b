import CoppiceFiles
import CoppiceModel
import SystemPackage

/// The search for the file or directory that a mistyped path probably meant.
enum NearPath {
  /// The greatest number of entries of a directory whose names are compared.
  private static let maximumEntries = 4096

  /// Returns `; did you mean "…"?` with a similar name in the last existing directory of the path,
  /// or an empty text where no name is similar.
  static func hint(for path: FilePath) -> String {
    var directory = path
    while let name = directory.lastComponent?.string, directory.removeLastComponent() {
      guard let handle = try? DirectoryHandle(opening: directory.isEmpty ? "." : directory) else {
        continue
      }
      guard let names = try? handle.entries(limit: maximumEntries).map(\.name),
        // This entry exists but is no directory that can be opened: there are no names to compare.
        !names.contains(name)
      else { return "" }
      // An address may name something inside the checkpoint.
      let start = name.prefix { $0 != ":" }
      return NearMiss.hint(
        for: NearMiss.nearest(to: name, among: names) == nil ? String(start) : name, among: names)
    }
    return ""
  }
}
