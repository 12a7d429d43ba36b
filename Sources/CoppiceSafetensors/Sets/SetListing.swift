import CoppiceFiles
import CoppiceModel

/// The names in a directory that belong to safetensors.
struct SetListing {
  /// The names of indexes, sorted.
  var indexes: [String] = []

  /// The names of tensor files, sorted.
  var files: [String] = []

  private let directoryName: String

  init(_ directory: DirectoryHandle) throws(CoppiceError) {
    directoryName = directory.displayName("")
    // A broken link counts: opening it reports the fault. Hidden files don't: file managers and
    // unfinished downloads leave them.
    for entry in try directory.entries() where entry.kind != .directory {
      guard !entry.name.hasPrefix(".") else { continue }
      if entry.name.hasSuffix(SafetensorsFormat.indexSuffix) {
        indexes.append(entry.name)
      } else if entry.name.hasSuffix(SafetensorsFormat.fileSuffix) {
        files.append(entry.name)
      }
    }
  }

  var isSafetensors: Bool { !indexes.isEmpty || !files.isEmpty }

  /// The name that Hugging Face's libraries use for a model's index.
  private static let usualIndex = "model.safetensors.index.json"

  /// Returns the index to read, or `nil` if there is none.
  ///
  /// - Throws: `safetensors.several-indexes`, `safetensors.no-file`.
  func index() throws(CoppiceError) -> String? {
    guard isSafetensors else {
      throw CoppiceError(
        .safetensorsNoFile, "the directory holds no safetensors file", at: location)
    }
    if indexes.count <= 1 { return indexes.first }
    if indexes.contains(Self.usualIndex) { return Self.usualIndex }
    throw CoppiceError(
      .safetensorsSeveralIndexes,
      "the directory has several indexes: \(indexes.joined(separator: ", ").printable); "
        + "give each set a directory of its own",
      at: location)
  }

  private var location: CoppiceError.Location {
    .init(file: directoryName.isEmpty ? nil : directoryName)
  }
}
