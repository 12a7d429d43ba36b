import CoppiceModel

/// Finds parts by name, and says what there is where there is none.
enum PartChoice {
  /// The part of a name.
  ///
  /// - Throws: `usage.no-such-part` with the names that there are.
  static func find(
    _ name: String, in items: [NamedCheckpointable]
  ) throws(CoppiceError) -> NamedCheckpointable {
    guard let item = items.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      throw CoppiceError(
        .usageNoSuchPart,
        "the checkpoint has no part \"\(name.printable)\"; it has \(TreeChoice.list(items))")
    }
    return item
  }

  /// The tree of a name, or the one that is meant without a name.
  ///
  /// Spec: annex D, the table of calls.
  ///
  /// - Throws: `usage.no-such-part`, `usage.choice`.
  static func tree(
    _ name: String?, of root: CheckpointContents.Root
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let part: Checkpointable
    switch (name, root) {
    case (nil, _): part = try TreeChoice.choose(from: root).value
    case (let name?, .named(let items)): part = try find(name, in: items).value
    case (_?, .unnamed):
      throw CoppiceError(
        .usageNoSuchPart, "the checkpoint is one tree without a name: load it without one")
    }
    guard case .tree(let tree) = part else {
      throw CoppiceError(
        .usageChoice,
        "the part \"\((name ?? "").printable)\" is no tree: load it with loadCheckpointables")
    }
    return tree
  }
}
