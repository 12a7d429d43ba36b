package import CoppiceFiles
package import CoppiceModel

extension SafetensorsFormat {
  /// Opens a directory as the set that its index describes or, without one, as all of its files.
  ///
  /// - Parameter salvages: Whether a set without an index may lack files.
  /// - Throws: `safetensors.*`, `file.*`, `io.*`.
  package static func open(
    _ directory: DirectoryHandle, limits: ReadLimits = .standard, salvages: Bool = false
  ) throws(CoppiceError) -> CheckpointContents {
    let listing = try SetListing(directory, suffixes: [fileSuffix])
    guard !listing.isEmpty else {
      throw CoppiceError(
        .safetensorsNoFile, "the directory holds no safetensors file", at: listing.location)
    }
    if let index = try listing.index(usual: usualIndex, OpenedShard.codes) {
      return try open(index, listing, in: directory, limits: limits)
    }
    if try PartSet.recognizes(listing.files, in: directory, limits: limits) {
      return try PartSet(
        opening: listing.files, in: directory, limits: limits, salvages: salvages
      ).contents
    }
    if listing.files.count == 1 {
      return try open(directory.open(listing.files[0]), limits: limits)
    }
    return try openUnion(listing, in: directory, limits: limits, salvages: salvages)
  }

  /// Opens the set that an index describes; `nil` for another file.
  ///
  /// - Throws: As opening the directory.
  package static func open(
    index file: InputFile, symlinks: SymlinkPolicy = .inside, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents? {
    guard file.path != nil, file.name.hasSuffix(fileSuffix + SetListing.indexSuffix) else {
      return nil
    }
    let directory = try file.openDirectory(symlinks: symlinks)
    return try open(
      file.name, SetListing(directory, suffixes: [fileSuffix]), in: directory, limits: limits)
  }

  private static func open(
    _ index: String, _ listing: SetListing, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    try OpenedSet<OpenedShard>(
      ofIndex: index, besides: listing.files + listing.indexes(besides: index), in: directory,
      limits: limits
    ).contents
  }

  /// Returns the name of an entry that doesn't belong to the index's set; `nil` if all belong.
  ///
  /// Without an index it is unknown which files belong together.
  ///
  /// - Throws: As opening the directory.
  package static func stranger(
    in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> String? {
    var names: Set<[UInt8]> = []
    let listing = try SetListing(directory, suffixes: [fileSuffix])
    if let name = try listing.index(usual: usualIndex, OpenedShard.codes) {
      let index = try ShardIndex(
        readingFrom: directory.allBytes(of: name, limit: limits.documentBytes), name: name,
        limits: limits, codes: OpenedShard.codes)
      names = Set((index.files + [name]).map { Array($0.utf8) })
    }
    return try directory.entries().first { !names.contains(Array($0.name.utf8)) }?.name
  }

  /// Opens several files without an index as one, if no name occurs twice and none is missing by their names.
  private static func openUnion(
    _ listing: SetListing, in directory: DirectoryHandle, limits: ReadLimits, salvages: Bool
  ) throws(CoppiceError) -> CheckpointContents {
    if !salvages, let name = ShardName.missing(among: listing.files) {
      throw CoppiceError(
        .fileMissing,
        "the file \"\(name.printable)\" is missing, as the others' names say how many there are; copy it again, or "
          + "convert the rest with `salvages`", at: listing.location)
    }
    var set = OpenedSet<OpenedShard>()
    set.warn(
      .safetensorsNoIndex,
      "the directory has \(listing.files.count) safetensors files and no index; "
        + "they are read as one tree", of: nil)
    for (place, name) in listing.files.enumerated() {
      let shard = try OpenedShard(opening: name, in: directory, limits: limits)
      for tensor in shard.header.tensors {
        if let other = set.shard(of: .string(tensor.name)) {
          throw CoppiceError(
            .safetensorsDuplicateName,
            "the tensor is also in \(listing.files[other].printable), and no index says which "
              + "counts; name the file to read",
            at: .init(
              file: shard.file.name, treePath: TreePath(tensorName: tensor.name).description))
        }
        set.add(shard.entry(tensor), from: place)
      }
      try set.checkCount(limits, file: shard.file.name)
      set.mergeMetadata(of: shard)
    }
    return set.contents
  }

  /// The name that Hugging Face's libraries use for a model's index.
  private static let usualIndex = "model.safetensors.index.json"
}
