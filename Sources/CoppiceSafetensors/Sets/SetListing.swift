package import CoppiceFiles
package import CoppiceModel

/// The names in a directory that sets of a format have.
package struct SetListing {
  /// The end of an index's name, after that of the files' names.
  package static let indexSuffix = ".index.json"

  /// The names of indexes, sorted.
  private var indexes: [String] = []

  /// The names of tensor files, sorted.
  package private(set) var files: [String] = []

  private let directoryName: String

  /// Lists the files with names of some ends, and their indexes.
  package init(
    _ directory: DirectoryHandle, suffixes: [String]
  ) throws(CoppiceError) {
    directoryName = directory.displayName("")
    // A broken link counts: opening it reports the fault. Hidden files don't: file managers and
    // unfinished downloads leave them.
    for entry in try directory.entries() where entry.kind != .directory {
      guard !entry.name.hasPrefix(".") else { continue }
      if suffixes.contains(where: { entry.name.hasSuffix($0 + Self.indexSuffix) }) {
        indexes.append(entry.name)
      } else if suffixes.contains(where: { entry.name.hasSuffix($0) }) {
        files.append(entry.name)
      }
    }
  }

  package var isEmpty: Bool { indexes.isEmpty && files.isEmpty }
  package var hasIndex: Bool { !indexes.isEmpty }

  /// Returns the names of the indexes that aren't read where one is.
  package func indexes(besides index: String) -> [String] { indexes.filter { $0 != index } }

  /// Returns the index to read, or `nil` if there is none.
  ///
  /// - Parameter usual: The name of the index that is read if there are several.
  /// - Throws: The code for several indexes, none of which is the usual one.
  package func index(usual: String, _ codes: SetCodes) throws(CoppiceError) -> String? {
    if indexes.count <= 1 { return indexes.first }
    if indexes.contains(usual) { return usual }
    throw CoppiceError(
      codes.severalIndexes,
      "the directory has several indexes: \(indexes.joined(separator: ", ").printable); "
        + "give each set a directory of its own",
      at: location)
  }

  var location: CoppiceError.Location {
    .init(file: directoryName.isEmpty ? nil : directoryName)
  }
}
