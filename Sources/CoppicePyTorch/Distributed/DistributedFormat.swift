package import CoppiceFiles
package import CoppiceModel
import CoppiceZip
import SystemPackage

/// The reader of checkpoints of `torch.distributed.checkpoint` (DCP): directories with the files of all ranks and
/// their description, `.metadata`.
///
/// Megatron's checkpoints of the backend `torch_dist` are such directories, with a file of the state that all ranks have.
package enum DistributedFormat {
  /// The format's name in the reader's result.
  package static let name = "pytorch-dcp"

  private static let metadataName = ".metadata"
  private static let shardSuffix = ".distcp"

  /// Tells quickly whether a directory looks like a checkpoint.
  package static func recognizes(_ directory: DirectoryHandle) -> Bool {
    (try? hasMetadata(directory)) ?? false
  }

  /// Returns whether a directory has a description that is a pickle.
  private static func hasMetadata(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    guard try directory.hasFile(metadataName) else { return false }
    return try isPickle(directory.open(metadataName))
  }

  private static func isPickle(_ file: InputFile) throws(CoppiceError) -> Bool {
    guard file.byteCount >= 2 else { return false }
    return try file.bytes(at: 0, count: 1) == [0x80]
  }

  /// Opens a directory, without reading the tensors' bytes; `nil` if it is none of a checkpoint.
  ///
  /// - Throws: `pytorch.*`, `zip.*`, `file.*`, `io.*`.
  package static func open(
    _ directory: DirectoryHandle, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents? {
    if try hasMetadata(directory) { return try open(directory, metadataName, limits: limits) }
    let names = try directory.entries().filter { $0.kind != .directory }.map(\.name)
    guard names.contains(where: { $0.hasSuffix(shardSuffix) }) else { return nil }
    guard !names.contains(metadataName) else {
      throw CoppiceError(
        .pytorchMetadata,
        "this isn't a pickle, as torch writes it; the file is damaged, so copy it again",
        at: .init(file: directory.displayName(metadataName)))
    }
    let single = names.filter { isRankMetadata($0) }
    if single.count == 1 { return try open(directory, single[0], limits: limits) }
    guard let first = single.first else {
      let leftover = names.contains(metadataName + ".tmp")
      throw CoppiceError(
        .pytorchUnfinished,
        "this is a distributed checkpoint of PyTorch (DCP) without its file .metadata, which is written last"
          + (leftover ? "; it is still called .metadata.tmp" : "")
          + ": the save wasn't finished, or the file wasn't copied",
        at: .init(file: directory.displayName("")))
    }
    throw CoppiceError(
      .pytorchDistributed,
      "these are the checkpoints of \(single.count) ranks, each by itself (use_collectives=False); name one "
        + "of them, such as \(directory.absolutePath(of: first).string.printable)",
      at: .init(file: directory.displayName("")))
  }

  /// Returns whether a name is that of a description by one rank, such as `__0.metadata`.
  private static func isRankMetadata(_ name: String) -> Bool {
    name.hasPrefix("__") && name.hasSuffix(metadataName)
      && Int(name.dropFirst(2).dropLast(metadataName.utf8.count)) != nil
  }

  /// Opens a description by name, as the checkpoint that it describes; refuses a file of data.
  ///
  /// - Parameter directory: Opens the directory in which the file lies.
  /// - Returns: `nil` for any other file.
  /// - Throws: `pytorch.distributed`; as opening a directory.
  package static func open(
    _ file: InputFile, in directory: () throws(CoppiceError) -> DirectoryHandle,
    limits: ReadLimits = .standard
  ) throws(CoppiceError) -> CheckpointContents? {
    if file.name == metadataName || isRankMetadata(file.name), try isPickle(file) {
      return try open(directory(), file.name, limits: limits)
    }
    if !file.name.hasSuffix(shardSuffix) {
      guard try isSeveral(file, limits), try hasMetadata(directory()) else { return nil }
    }
    let place = file.path?.removingLastComponent().string ?? ""
    throw CoppiceError(
      .pytorchDistributed,
      "this is one file of a distributed checkpoint of PyTorch (DCP), which is read as a whole; name its "
        + "directory: \(place.isEmpty ? "." : place.printable)", at: .init(file: file.name))
  }

  private static func isSeveral(_ file: InputFile, _ limits: ReadLimits) throws(CoppiceError)
    -> Bool
  {
    guard try ZipArchive.recognizes(file) else { return false }
    do throws(CoppiceError) {
      _ = try ZipArchive(file, name: file.name, limits: limits)
      return false
    } catch {
      return error.code == .zipConcatenated
    }
  }

  /// Returns the name of an entry that no description mentions; `nil` if there is none.
  ///
  /// - Throws: As opening the directory.
  package static func stranger(
    in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> String? {
    guard try hasMetadata(directory) else { return try directory.entries().first?.name }
    let file = try directory.open(metadataName)
    let metadata = try DistributedMetadata(file, limits: limits)
    let names = metadata.fileNames.union(
      [metadataName, configName, commonName].map { TreeKey.string($0) })
    return try directory.entries().first { !names.contains(.string($0.name)) }?.name
  }
}

extension DistributedFormat {
  private static func open(
    _ directory: DirectoryHandle, _ name: String, limits: ReadLimits
  ) throws(CoppiceError) -> CheckpointContents {
    let file = try directory.open(name)
    let metadata = try DistributedMetadata(file, limits: limits)
    let store = EntryStore(
      directory, origin: file.name, names: metadata.pickle.texts, limits: limits)
    let leaves = DistributedLeaves(metadata: metadata, store: store, limits: limits)
    var state = NestedState(limits: limits)
    var warnings: [CoppiceError] = []
    if let common = try common(directory, limits: limits) {
      warnings += common.warnings
      for entry in common.entries { try state.add(entry.node, at: [entry.key]) }
    }
    do throws(CoppiceError) {
      for (key, item) in metadata.items {
        let path = metadata.path(of: key)
        switch item {
        case .tensor(let members):
          let leaf = try leaves.leaf(of: key, members)
          try state.add(
            .leaf(leaf.locatingFault(file: file.name, path: NestedState.treePath(path))), at: path)
        case .value:
          let value = try value(of: key, leaves, store, at: NestedState.treePath(path))
          warnings += value.warnings
          guard metadata.pickle.texts[key] == commonKey, let entries = entries(ofCommon: value.tree)
          else {
            try state.add(value.tree, at: path)
            continue
          }
          for entry in entries { try state.add(entry.node, at: [entry.key]) }
        }
      }
      var contents = CheckpointContents(format: Self.name, root: .unnamed(.tree(try state.tree())))
      contents.warnings = warnings
      noteDigests(of: leaves, in: &contents)
      return contents
    } catch {
      throw error.located(file: file.name)
    }
  }

  /// Notes whether the tensors' bytes have checksums, by the first of them.
  private static func noteDigests(
    of leaves: DistributedLeaves, in contents: inout CheckpointContents
  ) {
    for (key, item) in leaves.metadata.items {
      guard case .tensor = item, let found = leaves.metadata.entries(of: key).first,
        let entry = leaves.entry(found.place)
      else { continue }
      // A damaged entry is an error when it is read.
      guard let digests = try? leaves.store.digests(of: entry) else { return }
      contents.hasDigests = digests.are
      if let warning = digests.warning { contents.warnings.append(warning) }
      return
    }
  }

  /// Reads a value that is no tensor; one that can't be read becomes a leaf with a fault.
  private static func value(
    of key: Int, _ leaves: DistributedLeaves, _ store: EntryStore, at path: TreePath
  ) throws(CoppiceError) -> (tree: Tree<ArrayLeaf>, warnings: [CoppiceError]) {
    do throws(CoppiceError) {
      guard let found = leaves.metadata.entries(of: key).first,
        let entry = leaves.entry(found.place)
      else {
        throw CoppiceError(
          .pytorchEntry, "the metadata don't say where the value lies; they are damaged")
      }
      return try store.value(entry, at: path)
    } catch {
      guard error.code.isInputFault else { throw error }
      return (
        .leaf(
          ArrayLeaf(
            LeafFault(error.located(treePath: path.description), unsupported: [.pytorchTransform]))),
        []
      )
    }
  }
}

extension ArrayLeaf {
  /// Returns the leaf with the place of its fault.
  fileprivate func locatingFault(file: String, path: TreePath) -> ArrayLeaf {
    guard let fault else { return self }
    let located = LeafFault(fault.kind, fault.error.located(file: file, treePath: path.description))
    let metadata = try? self.metadata
    if let source = try? boxSource { return ArrayLeaf(source, located, metadata: metadata) }
    return ArrayLeaf(located, metadata: metadata)
  }
}
