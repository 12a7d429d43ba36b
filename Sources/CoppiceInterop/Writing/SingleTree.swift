import Coppice
package import CoppiceModel

/// The one tree of a checkpoint that is written to a format without named checkpointables.
package struct SingleTree: Sendable {
  /// The checkpoint with that tree only, unnamed.
  package var contents: CheckpointContents
  package var tree: Tree<ArrayLeaf>
  /// The notes about what is left out: other checkpointables, and the metrics.
  package var notes: [ConversionNote] = []

  /// Chooses the tree.
  ///
  /// - Throws: `usage.choice` when several are equally good, or there is none.
  package init(
    of contents: CheckpointContents, for format: String, keepsMetrics: Bool = false
  ) throws(CoppiceError) {
    let chosen = try TreeChoice.choose(from: contents.root)
    guard case .tree(let tree) = chosen.value else {
      throw CoppiceError(.usageChoice, "\(format) holds a tree of arrays; the checkpoint has none")
    }
    try chosen.value.requireWhole(named: chosen.name)
    self.tree = tree
    self.contents = contents
    self.contents.root = .unnamed(chosen.value)
    if case .named(let items) = contents.root, items.count > 1 {
      let others = items.filter { $0.name != chosen.name }
      notes.append(
        .init(
          .checkpointable,
          "\(format) holds one tree, here \"\((chosen.name ?? "").printable)\"; left out: "
            + TreeChoice.list(others)))
    }
    if contents.metrics != nil, !keepsMetrics {
      notes.append(.init(.metadata, "the metrics were left out"))
      self.contents.metrics = nil
    }
  }
}
