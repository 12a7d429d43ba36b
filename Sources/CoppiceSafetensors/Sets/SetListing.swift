import CoppiceFiles
import CoppiceModel

/// What a directory holds that belongs to safetensors.
struct SetListing {
  /// The names of indexes, sorted.
  var indexes: [String] = []

  /// The names of tensor files, sorted.
  var files: [String] = []

  private let directoryName: String

  init(_ directory: DirectoryHandle) throws(CoppiceError) {
    directoryName = directory.displayName("")
    // A link that leads nowhere counts: opening it says what is wrong. Hidden files don't: they are
    // the leavings of file managers and unfinished downloads.
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

  /// The name that Hugging Face's libraries give to a model's index.
  private static let usualIndex = "model.safetensors.index.json"

  /// The index to read, or `nil` where there is none.
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
