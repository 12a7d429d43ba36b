package import CoppiceFiles
package import CoppiceModel
import CoppiceSafetensors

extension PyTorchFormat {
  /// The ends of the names of a set's files; an index has the same and `.index.json`.
  private static let suffixes = [".bin", ".pt", ".pth"]

  /// The names that Hugging Face's libraries use for a model in one file and for the index of a set.
  private static let usualFile = "pytorch_model.bin"
  private static let usualIndex = "pytorch_model.bin.index.json"

  /// Returns whether a directory has the index of a set, or the file with the usual name.
  package static func recognizes(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    let listing = try SetListing(directory, suffixes: suffixes)
    return listing.hasIndex || listing.files.contains(usualFile)
  }

  /// Opens a directory as the set that its index describes, or as the file that it has with the usual
  /// name; `nil` for a directory without either.
  ///
  /// - Throws: `pytorch.*`, `zip.*`, `file.*`, `io.*`.
  package static func open(
    _ directory: DirectoryHandle, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents? {
    let listing = try SetListing(directory, suffixes: suffixes)
    if let index = try listing.index(usual: usualIndex, PyTorchShard.codes) {
      return try open(index, listing, in: directory, limits: limits)
    }
    guard listing.files.contains(usualFile) else { return nil }
    return try open(directory.open(usualFile), limits: limits)
  }

  /// Opens the set that an index describes; `nil` for another file.
  ///
  /// - Throws: As opening the directory.
  package static func open(
    index file: InputFile, symlinks: SymlinkPolicy = .inside, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents? {
    guard file.path != nil,
      suffixes.contains(where: { file.name.hasSuffix($0 + SetListing.indexSuffix) })
    else { return nil }
    let directory = try file.openDirectory(symlinks: symlinks)
    return try open(
      file.name, SetListing(directory, suffixes: suffixes), in: directory, limits: limits)
  }

  private static func open(
    _ index: String, _ listing: SetListing, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    // Other files beside the index, such as an optimizer's, are no part of a model.
    let suffix = suffixes.first { index.hasSuffix($0 + SetListing.indexSuffix) } ?? ""
    let stem = index.dropLast(suffix.utf8.count + SetListing.indexSuffix.utf8.count)
    let files = listing.files.filter { $0.hasPrefix(stem) && $0.hasSuffix(suffix) }
    return try OpenedSet<PyTorchShard>(
      ofIndex: index, besides: files + listing.indexes(besides: index), in: directory,
      limits: limits
    ).contents
  }
}
