package import CoppiceModel

/// Which part is meant when a checkpoint has several and a format takes one.
///
/// `state`, else `pytree`, else `default`, else the only tree; never alphabetical.
///
/// Spec: annex D, the table of calls.
package enum TreeChoice {
  package static let preferredNames = ["state", "pytree", "default"]

  /// Chooses the part; it has no name where it is the only one.
  ///
  /// - Throws: `usage.choice` when several trees are equally good, or there is none.
  package static func choose(
    from root: CheckpointContents.Root
  ) throws(CoppiceError) -> (name: String?, value: Checkpointable) {
    guard case .named(let items) = root else {
      guard case .unnamed(let item) = root else { return (nil, .tree(.dict([]))) }
      return (nil, item)
    }
    let trees = items.filter { if case .tree = $0.value { true } else { false } }
    for name in preferredNames {
      if let item = trees.first(where: { $0.name == name }) { return (name, item.value) }
    }
    guard trees.count == 1, let only = trees.first else {
      throw CoppiceError(
        .usageChoice,
        trees.isEmpty
          ? "the checkpoint has no tree; its parts are \(list(items))"
          : "the checkpoint has several trees; choose one by name (--name): \(list(trees))")
    }
    return (only.name, only.value)
  }

  /// Names in words, for messages.
  package static func list(_ items: [NamedCheckpointable]) -> String {
    items.isEmpty ? "none" : items.map { "\"\($0.name.printable)\"" }.joined(separator: ", ")
  }
}
