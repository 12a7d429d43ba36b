package import CoppiceModel

/// Keeps the leaves and values whose path matches one of some patterns.
package struct TreeSelection: Sendable {
  private let globs: [PathGlob]

  package init(_ globs: [PathGlob]) { self.globs = globs }

  /// The part of a tree that is selected; `nil` when nothing is.
  ///
  /// Sequences of which only a part is selected become dictionaries with integer keys, so that each
  /// element keeps its number.
  package func apply<Leaf>(to tree: Tree<Leaf>) -> Tree<Leaf>? { select(tree, at: TreePath()) }

  private func select<Leaf>(_ node: Tree<Leaf>, at path: TreePath) -> Tree<Leaf>? {
    if globs.contains(where: { $0.matches(path) }) { return node }
    switch node {
    case .leaf, .value: return nil
    case .dict(let entries):
      let kept = entries.compactMap { entry in
        select(entry.node, at: path.appending(.key(entry.key))).map {
          Tree<Leaf>.Entry(entry.key, $0)
        }
      }
      return kept.isEmpty ? nil : .dict(kept)
    case .record(let record):
      let kept = record.fields.compactMap { field in
        select(field.node, at: path.appending(.field(field.name))).map {
          Tree<Leaf>.Field(field.name, $0)
        }
      }
      return kept.isEmpty ? nil : .record(.init(type: record.type, fields: kept))
    case .list(let nodes):
      return select(nodes, at: path) { .list($0) }
    case .tuple(let nodes):
      return select(nodes, at: path) { .tuple($0) }
    }
  }

  private func select<Leaf>(
    _ nodes: [Tree<Leaf>], at path: TreePath, _ rebuild: ([Tree<Leaf>]) -> Tree<Leaf>
  ) -> Tree<Leaf>? {
    let kept = nodes.enumerated().compactMap { (index, node) in
      select(node, at: path.appending(.index(index))).map { (index, $0) }
    }
    if kept.isEmpty { return nil }
    if kept.count == nodes.count { return rebuild(kept.map(\.1)) }
    return .dict(kept.map { Tree<Leaf>.Entry(.integer($0.0), $0.1) })
  }
}
