package import CoppiceFiles
package import CoppiceModel

extension OpenedSet {
  /// Opens the set that an index describes.
  ///
  /// The index takes precedence. A tensor that it doesn't name, in a file that it does, is read
  /// too, as by the libraries that write such sets, so that it isn't lost. A tensor whose file is
  /// missing or damaged becomes a leaf with a fault.
  ///
  /// - Parameter files: The names of the files in the directory that could belong to the set.
  /// - Throws: The codes of the format; `file.*`, `io.*`.
  package init(
    ofIndex indexName: String, besides files: [String], in directory: DirectoryHandle,
    limits: ReadLimits
  ) throws(CoppiceError) {
    self.init()
    let index = try ShardIndex(
      readingFrom: directory.allBytes(of: indexName, limit: limits.documentBytes),
      name: directory.displayName(indexName), limits: limits, codes: Shard.codes)
    var shards: [Result<Shard, CoppiceError>] = []
    for file in index.files {
      shards.append(try Self.openShard(file, of: index, in: directory, limits: limits))
    }
    for mapping in index.mappings {
      add(try Self.entry(of: mapping, in: shards[mapping.file], index), from: mapping.file)
    }
    for case (let place, .success(let shard)) in shards.enumerated() {
      try addRest(of: shard, at: place, limits: limits)
      mergeMetadata(of: shard)
      warnings += shard.warnings
    }
    mergeMetadata(of: index)
    let named = Set(index.files.map { TreeKey.string($0) })
    for file in files where !named.contains(.string(file)) {
      warn(
        Shard.codes.unlistedFile,
        "the file is not named by \(index.name.printable) and is not read",
        of: directory.displayName(file))
    }
  }

  /// Opens a file that an index names.
  ///
  /// - Returns: The file, or the fault of all its tensors.
  /// - Throws: The errors that don't blame the set.
  private static func openShard(
    _ file: String, of index: ShardIndex, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> Result<Shard, CoppiceError> {
    do throws(CoppiceError) {
      return .success(try Shard(opening: file, in: directory, limits: limits))
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
      default: return .failure((try? directory.open(file)).map { error.naming($0) } ?? error)
      }
      // These faults are in the index.
      error.location = .init(file: index.name)
      return .failure(error)
    }
  }

  /// Returns the entry of a tensor that an index names; a leaf with a fault if its file doesn't have
  /// it.
  private static func entry(
    of mapping: ShardIndex.Mapping, in shard: Result<Shard, CoppiceError>, _ index: ShardIndex
  ) throws(CoppiceError) -> Tree<ArrayLeaf>.Entry {
    let path = TreePath(tensorName: mapping.tensor).description
    let fault: CoppiceError
    switch shard {
    case .success(let shard):
      if let entry = try shard.entry(at: .string(mapping.tensor)) { return entry }
      fault = CoppiceError(
        Shard.codes.missingTensor,
        "the index puts the tensor into \(shard.name.printable), but that file has none of "
          + "this name; they are of two models, or one is damaged",
        at: .init(file: index.name, treePath: path))
    case .failure(let error): fault = error.located(treePath: path)
    }
    return .init(.string(mapping.tensor), .leaf(ArrayLeaf(LeafFault(.damaged, fault))))
  }
}
