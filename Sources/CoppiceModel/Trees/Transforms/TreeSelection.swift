/// A selection of the leaves and values whose path matches one of several patterns.
public struct TreeSelection: Sendable {
  private let globs: [PathGlob]

  /// Makes a selection; a container that matches is kept whole.
  public init(_ globs: [PathGlob]) { self.globs = globs }

  /// Returns the selected nodes of a tree; `nil` when nothing is selected.
  ///
  /// In partly selected sequences, `none` takes the places of the other elements, so that each
  /// selected one keeps its index.
  public func apply<Leaf>(to tree: Tree<Leaf>) -> Tree<Leaf>? { select(tree, at: TreePath()) }

  private func select<Leaf>(_ node: Tree<Leaf>, at path: TreePath) -> Tree<Leaf>? {
    if globs.contains(where: { $0.matches(path) }) { return node }
    let nodes = node.children.map { select($0.node, at: path.appending($0.component)) }
    return nodes.contains { $0 != nil } ? node.rebuilt(nodes) : nil
  }
}
