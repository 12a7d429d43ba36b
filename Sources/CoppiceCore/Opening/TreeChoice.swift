package import CoppiceModel

/// Chooses the checkpointable that is meant when a checkpoint has several and a format takes one.
///
/// The others are not opened.
///
/// `state`, else `pytree`, else `default`, else the only tree; never alphabetical.
///
/// Spec: annex D, the table of calls.
package enum TreeChoice {
  package static let preferredNames = ["state", "pytree", "default"]

  /// Chooses the checkpointable and opens it; it has no name where it is the only one.
  ///
  /// - Throws: `usage.choice` when several trees are equally good, or there is none; the fault of the one
  ///   that is chosen.
  package static func choose(
    from root: CheckpointContents.Root
  ) throws(CoppiceError) -> (name: String?, value: Checkpointable) {
    switch root {
    case .unnamed(let item): return (nil, item)
    case .named(let items):
      let item = try choose(from: items)
      return (item.name, try item.value)
    }
  }

  /// Chooses the checkpointable; it is not opened.
  ///
  /// - Throws: `usage.choice` when several trees are equally good, or there is none.
  package static func choose(
    from items: [NamedCheckpointable]
  ) throws(CoppiceError) -> NamedCheckpointable {
    // A damaged one may be a tree: to pass it over would choose another in silence.
    let trees = items.filter { $0.kind ?? .tree == .tree }
    for name in preferredNames {
      if let item = trees.first(where: { $0.name == name }) { return item }
    }
    guard trees.count == 1, let only = trees.first else {
      throw CoppiceError(
        .usageChoice,
        trees.isEmpty
          ? "the checkpoint has no tree; its parts are \(list(items))"
          : "the checkpoint has several trees; choose one by name (--name): \(list(trees))")
    }
    return only
  }

  /// Names in words, for messages.
  package static func list(_ items: [NamedCheckpointable]) -> String {
    items.isEmpty ? "none" : items.map { "\"\($0.name.printable)\"" }.joined(separator: ", ")
  }
}
