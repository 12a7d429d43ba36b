import CoppiceFiles
import CoppiceModel

/// The state that all ranks of Megatron have in common, which is joined to the tensors at the top.
extension DistributedFormat {
  static let configName = "metadata.json"
  static let commonName = "common.pt"

  /// Reads the file of the common state, which Megatron writes beside its own description.
  static func common(
    _ directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> (entries: [Tree<ArrayLeaf>.Entry], warnings: [CoppiceError])? {
    guard try directory.hasFile(configName), try directory.hasFile(commonName) else { return nil }
    let contents = try PyTorchFormat.open(directory.open(commonName), limits: limits)
    guard case .unnamed(let whole) = contents.root, case .tree(.dict(let entries)) = whole else {
      throw CoppiceError(
        .pytorchMetadata, "the state that all ranks have in common isn't a dictionary",
        at: .init(file: directory.displayName(commonName)))
    }
    return (entries, contents.warnings)
  }

  /// The key of the common state in newer checkpoints, whose value is a list with the dictionary.
  static let commonKey = "common_state/shard_0_1"

  /// Returns the entries of the common state in the value of its key.
  static func entries(ofCommon value: Tree<ArrayLeaf>) -> [Tree<ArrayLeaf>.Entry]? {
    guard case .list(let items) = value, items.count == 1, case .dict(let entries) = items[0] else {
      return nil
    }
    return entries
  }
}
