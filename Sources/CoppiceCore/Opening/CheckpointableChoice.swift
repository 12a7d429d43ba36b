package import CoppiceModel

/// The search for checkpointables by name; an unknown name is an error that lists the names
/// present.
package enum CheckpointableChoice {
  /// Returns the checkpointable of a name without opening it.
  ///
  /// - Throws: `usage.no-such-checkpointable` with the names present; the reason for one that is hidden.
  package static func find(
    _ name: String, in contents: CheckpointContents
  ) throws(CoppiceError) -> NamedCheckpointable {
    guard case .named(let items) = contents.root else {
      throw CoppiceError(
        .usageNoSuchCheckpointable, "the checkpoint is one tree without a name: load it without one"
      )
    }
    if let item = items.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) { return item }
    let hidden = contents.hidden.first { $0.name.utf8.elementsEqual(name.utf8) }
    if let hidden { throw hidden.reason }
    throw CoppiceError(
      .usageNoSuchCheckpointable,
      "the checkpoint has no checkpointable \"\(name.printable)\"; it has \(TreeChoice.list(items))"
        + NearMiss.hint(for: name, among: items.map(\.name)))
  }

  /// Returns the tree of a name, or the tree that a call without a name loads.
  ///
  /// Spec: annex D, the table of calls.
  ///
  /// - Throws: `usage.no-such-checkpointable`, `usage.choice`.
  package static func tree(
    _ name: String?, of contents: CheckpointContents
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let chosen: Checkpointable
    if let name {
      chosen = try find(name, in: contents).value
    } else {
      chosen = try TreeChoice.choose(from: contents.root).value
    }
    guard case .tree(let tree) = chosen else {
      throw CoppiceError(
        .usageChoice,
        "the checkpointable \"\((name ?? "").printable)\" is no tree: load it with loadCheckpointables"
      )
    }
    return tree
  }
}
