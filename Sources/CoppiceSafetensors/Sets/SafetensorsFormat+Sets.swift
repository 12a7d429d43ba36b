package import CoppiceFiles
package import CoppiceModel

extension SafetensorsFormat {
  /// Opens a directory as the set that its index describes or, without one, as all of its files.
  ///
  /// - Throws: `safetensors.*`, `file.*`, `io.*`.
  package static func open(
    _ directory: DirectoryHandle, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents {
    let listing = try SetListing(directory)
    if let index = try listing.index() {
      return try openSet(index, listing, in: directory, limits: limits)
    }
    if try PartSet.recognizes(listing.files, in: directory, limits: limits) {
      return try PartSet(opening: listing.files, in: directory, limits: limits).contents
    }
    if listing.files.count == 1 {
      return try open(directory.open(listing.files[0]), limits: limits)
    }
    return try openUnion(listing, in: directory, limits: limits)
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
    if let name = try SetListing(directory).index() {
      let index = try ShardIndex(
        readingFrom: directory.allBytes(of: name, limit: limits.documentBytes), name: name,
        limits: limits)
      names = Set((index.files + [name]).map { Array($0.utf8) })
    }
    return try directory.entries().first { !names.contains(Array($0.name.utf8)) }?.name
  }

  /// Opens the set that an index describes.
  ///
  /// The index takes precedence. A tensor that it doesn't name, in a file that it does, is read
  /// too, as by the libraries that write such sets, so that it isn't lost. A tensor whose file is
  /// missing or damaged becomes a leaf with a fault.
  private static func openSet(
    _ indexName: String, _ listing: SetListing, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    let index = try ShardIndex(
      readingFrom: directory.allBytes(of: indexName, limit: limits.documentBytes),
      name: directory.displayName(indexName), limits: limits)
    var shards: [Result<OpenedShard, CoppiceError>] = []
    for file in index.files {
      shards.append(try openShard(file, of: index, in: directory, limits: limits))
    }
    var set = OpenedSet()
    for mapping in index.mappings {
      set.add(try entry(of: mapping, in: shards[mapping.file], index), from: mapping.file)
    }
    for case (let place, .success(let shard)) in shards.enumerated() {
      try set.addRest(of: shard, at: place, limits: limits)
      set.mergeMetadata(of: shard)
    }
    set.mergeMetadata(of: index)
    set.warnOfFiles(listing, besides: index, in: directory)
    return set.contents
  }

  /// Opens a file that an index names.
  ///
  /// - Returns: The file, or the fault of all its tensors.
  /// - Throws: The errors that don't blame the set.
  private static func openShard(
    _ file: String, of index: ShardIndex, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> Result<OpenedShard, CoppiceError> {
    do throws(CoppiceError) {
      return .success(try OpenedShard(opening: file, in: directory, limits: limits))
    } catch {
      guard error.code.isInputFault else { throw error }
      var error = error
      switch error.code {
      case _ where file.isEmpty: error.message = "the name of the tensor's file is empty"
      case .fileOutside: break
      case .fileMissing:
        error.message =
          "the file \"\(file.printable)\", which holds the tensor, is not there; the set is "
          + "incomplete, so copy it again"
      default: return .failure(error)
      }
      // These faults are in the index.
      error.location = .init(file: index.name)
      return .failure(error)
    }
  }

  /// Returns the entry of a tensor that an index names; a leaf with a fault if its file doesn't have
  /// it.
  private static func entry(
    of mapping: ShardIndex.Mapping, in shard: Result<OpenedShard, CoppiceError>,
    _ index: ShardIndex
  ) throws(CoppiceError) -> Tree<ArrayLeaf>.Entry {
    let path = TreePath(tensorName: mapping.tensor).description
    let fault: CoppiceError
    switch shard {
    case .success(let shard):
      if let entry = try shard.entry(named: mapping.tensor) { return entry }
      fault = CoppiceError(
        .safetensorsMissingTensor,
        "the index puts the tensor into \(shard.file.name.printable), but that file has none of "
          + "this name; they are of two models, or one is damaged",
        at: .init(file: index.name, treePath: path))
    case .failure(let error): fault = error.located(treePath: path)
    }
    return .init(.string(mapping.tensor), .leaf(ArrayLeaf(LeafFault(.damaged, fault))))
  }

  /// Opens several files without an index as one, if no name occurs twice.
  private static func openUnion(
    _ listing: SetListing, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    var set = OpenedSet()
    set.warn(
      .safetensorsNoIndex,
      "the directory has \(listing.files.count) safetensors files and no index; "
        + "they are read as one tree", of: nil)
    for (place, name) in listing.files.enumerated() {
      let shard = try OpenedShard(opening: name, in: directory, limits: limits)
      for tensor in shard.header.tensors {
        if let other = set.shard(of: tensor.name) {
          throw CoppiceError(
            .safetensorsDuplicateName,
            "the tensor is also in \(listing.files[other].printable), and no index says which "
              + "counts; name the file to read",
            at: .init(
              file: shard.file.name, treePath: TreePath(tensorName: tensor.name).description))
        }
        set.add(try shard.entry(tensor), from: place)
      }
      try set.checkCount(limits, file: shard.file.name)
      set.mergeMetadata(of: shard)
    }
    return set.contents
  }
}
