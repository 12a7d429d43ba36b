import CoppiceFiles
import CoppiceModel
import CoppiceZarr

/// The store of one tree's arrays: an OCDBT database, or directories.
struct ArrayStore {
  let store: any KeyValueStore
  private let isDirectory: Bool
  private let isVersion3: Bool
  private let missingChunks: ZarrArray.MissingChunks
  private let limits: ReadLimits

  /// Finds the store of an item.
  ///
  /// - Parameter metadata: The tree's metadata; before 0.11.31 they don't say whether OCDBT is
  ///   used.
  /// - Throws: `orbax.missing-manifest`; the errors of opening the database.
  init(
    of listing: OrbaxListing, _ metadata: TreeMetadata, limits: ReadLimits,
    warnings: inout [CoppiceError]
  ) throws(CoppiceError) {
    self.limits = limits
    missingChunks = metadata.missingChunks
    isVersion3 = metadata.usesZarr3
    let usesOCDBT = metadata.usesOCDBT
    let hasManifest = listing.hasFile(OrbaxName.manifest)
    let processes = listing.directories.filter(OrbaxName.isProcessDatabase)
    if usesOCDBT ?? hasManifest {
      guard hasManifest else { throw Self.missingManifest(listing, processes) }
      isDirectory = false
      store = try OCDBTDatabase(opening: listing.directory, limits: limits)
    } else if usesOCDBT == nil, !processes.isEmpty {
      // Orbax 0.4.4 with use_ocdbt=False, and saves of that age that ended before the merge.
      isDirectory = false
      var stores: [any KeyValueStore] = []
      for process in processes {
        stores.append(
          try OCDBTDatabase(
            opening: try listing.directory.subdirectory(process), limits: limits))
      }
      store = MergedStore(stores, in: listing.directory)
      warnings.append(
        CoppiceError(
          .orbaxUnmerged,
          "the save was not merged into one database; those of its "
            + "\(processes.count == 1 ? "one process" : "\(processes.count) processes") were read",
          at: .init(file: listing.directory.displayName(OrbaxName.manifest))))
    } else {
      isDirectory = true
      store = DirectoryStore(listing.directory)
    }
  }

  /// Opens an array by its parameter name, without reading its elements.
  ///
  /// - Throws: `orbax.missing-array`; `file.outside` when the name leads out of the item; `zarr.*`.
  func array(_ name: String) throws(CoppiceError) -> ZarrArray {
    if isDirectory { _ = try RelativePath(checking: name) }
    do {
      return try ZarrArray(
        opening: name, in: store, missingChunks: missingChunks, limits: limits,
        isVersion3: isVersion3)
    } catch {
      guard error.code == .zarrMissingMetadata else { throw error }
      let place = isDirectory ? "here" : "under this name in the item's database"
      throw CoppiceError(
        .orbaxMissingArray,
        "no array is stored \(place), though the tree has it; the checkpoint is incomplete, so copy it "
          + "again",
        at: error.location)
    }
  }

  /// Returns the names of all arrays.
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
    _ listing: OrbaxListing, _ processes: [String]
  ) -> CoppiceError {
    let advice =
      processes.isEmpty
      ? "copy it again from where the checkpoint was saved"
      : "it was lost in copying, or the save never ended; copy it again, or read another checkpoint"
    return CoppiceError(
      .orbaxMissingManifest, "the database's root file is not there: \(advice)",
      at: .init(file: listing.directory.displayName(OrbaxName.manifest)))
  }
}
