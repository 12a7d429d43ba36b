import CoppiceFiles
import CoppiceModel
import SystemPackage

/// Finds the file or directory that a path of nothing probably meant.
enum NearPath {
  /// The most entries of a directory whose names are compared.
  private static let maximumEntries = 4096

  /// Returns `; did you mean "…"?` with the near name in the last directory of the path that exists, or
  /// nothing where none is near.
  static func hint(for path: FilePath) -> String {
    var directory = path
    while let name = directory.lastComponent?.string, directory.removeLastComponent() {
      guard let handle = try? DirectoryHandle(opening: directory.isEmpty ? "." : directory) else {
        continue
      }
      guard let names = try? handle.entries(limit: maximumEntries).map(\.name),
        // The directory is there: what misleads is below the first component that is missing.
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
