import CoppiceModel
import FileAccess

/// Where the arrays of one tree lie: in an OCDBT database, or in directories.
struct ArrayStore {
  let store: any KeyValueStore
  private let isDirectory: Bool
  private let missingChunks: ZarrArray.MissingChunks
  private let limits: ReadLimits

  /// The item's directory, for messages.
  private let place: String

  /// Finds the store of an item.
  ///
  /// - Parameter usesOCDBT: What the metadata say; `nil` when they don't, as before 0.11.31.
  /// - Throws: `orbax.missing-manifest`; what opening the database throws.
  init(
    of listing: Listing, usesOCDBT: Bool?, missingChunks: ZarrArray.MissingChunks,
    limits: ReadLimits,
    warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    self.limits = limits
    self.missingChunks = missingChunks
    place = listing.directory.displayName("")
    let hasManifest = listing.hasFile(OrbaxName.manifest)
    let processes = listing.directories.filter(OrbaxName.isProcessDatabase)
    if usesOCDBT ?? hasManifest {
      guard hasManifest else { throw Self.missingManifest(listing, processes) }
      isDirectory = false
      store = try OCDBTDatabase(opening: listing.directory, limits: limits)
    } else if usesOCDBT == nil, !processes.isEmpty {
      // Orbax 0.4.4 with use_ocdbt=False, and saves of that age which ended before the merge.
      isDirectory = false
      var stores: [any KeyValueStore] = []
      for process in processes {
        stores.append(
          try OCDBTDatabase(
            opening: try listing.directory.subdirectory(process), limits: limits))
      }
      store = MergedStore(stores)
      warnings.append(
        CoppiceError(
          .orbaxUnmerged,
          "there is no merged database; those of \(processes.count) process(es) were read instead",
          at: .init(file: place)))
    } else {
      isDirectory = true
      store = DirectoryStore(listing.directory)
    }
  }

  /// Opens an array by its parameter name; its elements stay where they are.
  ///
  /// - Throws: `orbax.missing-array`; `file.outside` when the name leads out of the item; `zarr.*`.
  func array(_ name: String) throws(CoppiceError) -> ZarrArray {
    if isDirectory { _ = try RelativePath(checking: name) }
    do {
      return try ZarrArray(
        opening: name, in: store, missingChunks: missingChunks, limits: limits)
    } catch {
      guard error.code == .zarrMissingMetadata else { throw error.located(inside: place) }
      throw CoppiceError(
        .orbaxMissingArray,
        "the array \"\(name.printable)\" is not stored, though the structure names it; "
          + "the checkpoint is incomplete",
        at: .init(file: place))
    }
  }

  /// The names of all arrays.
  func arrayNames() throws(CoppiceError) -> [String] {
    let suffixes = ["/.zarray", "/zarr.json"].map { Array($0.utf8) }
    var names: [String] = []
    for key in try store.keys(under: []) {
      guard let suffix = suffixes.first(where: { key.suffix($0.count).elementsEqual($0) }),
        let name = String(validating: key.dropLast(suffix.count), as: UTF8.self)
      else { continue }
      names.append(name)
    }
    return names
  }

  private static func missingManifest(
    _ listing: Listing, _ processes: [String]
  ) -> CoppiceError {
    let advice =
      processes.isEmpty
      ? "copy it again from where the checkpoint was saved"
      : "the save was never merged, or the file was lost in copying"
    return CoppiceError(
      .orbaxMissingManifest, "the database's root file is not there: \(advice)",
      at: .init(file: listing.directory.displayName(OrbaxName.manifest)))
  }
}

extension CoppiceError {
  /// The same error with its file named from the checkpoint on, where it is named from the item on.
  fileprivate func located(inside place: String) -> CoppiceError {
    guard let file = location.file, !place.isEmpty, !file.utf8.starts(with: place.utf8) else {
      return self
    }
    var error = self
    error.location.file = place + "/" + file
    return error
  }
}
