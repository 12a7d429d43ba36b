package import CoppiceModel

/// The choice of a tree where a checkpoint has several checkpointables and a caller takes one.
///
/// It takes `state`, else `pytree`, else `default`, else the only tree, and never the first by
/// name. The others are not opened.
///
/// Spec: annex D, the table of calls.
package enum TreeChoice {
  package static let preferredNames = ["state", "pytree", "default"]

  /// Chooses a checkpointable and opens it; the name is `nil` where the checkpoint has no names.
  ///
  /// - Throws: `usage.choice` when the rule leaves several trees, or there is none; the fault of
  ///   the chosen checkpointable.
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

  /// Chooses a checkpointable without opening it.
  ///
  /// - Throws: `usage.choice` when the rule leaves several trees, or there is none.
  package static func choose(
    from items: [NamedCheckpointable]
  ) throws(CoppiceError) -> NamedCheckpointable {
    // A checkpointable that is too damaged to tell its kind counts as a tree: passing it over would
    // silently choose another.
    let trees = items.filter { $0.kind ?? .tree == .tree }
    for name in preferredNames {
      if let item = trees.first(where: { $0.name == name }) { return item }
    }
    guard trees.count == 1, let only = trees.first else {
      throw CoppiceError(
        .usageChoice,
        trees.isEmpty
          ? "the checkpoint has no tree; its checkpointables are \(list(items))"
          : "the checkpoint has several trees; choose one by `name`: \(list(trees))")
    }
    return only
  }

  /// Returns the names as a text for messages.
  package static func list(_ items: [NamedCheckpointable]) -> String {
    items.isEmpty ? "none" : items.map { "\"\($0.name.printable)\"" }.joined(separator: ", ")
  }
}
