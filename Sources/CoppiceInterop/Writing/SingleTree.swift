import Coppice
package import CoppiceModel

/// The one tree that a format takes, chosen from all that a checkpoint holds.
package struct SingleTree: Sendable {
  /// The checkpoint with that part only, without a name.
  package var contents: CheckpointContents
  package var tree: Tree<ArrayLeaf>
  /// What is left out: other parts, and the metrics.
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
          .part,
          "\(format) holds one tree, here \"\((chosen.name ?? "").printable)\"; left out: "
            + TreeChoice.list(others)))
    }
    if contents.metrics != nil, !keepsMetrics {
      notes.append(.init(.metadata, "the metrics were left out"))
    }
  }
}
