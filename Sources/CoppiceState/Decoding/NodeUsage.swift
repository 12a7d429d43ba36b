import CoppiceModel

/// A record of which parts of a node were decoded.
final class NodeUsage {
  /// Whether the node was decoded with all nodes below it.
  var isUsed = false
  private var children: [NodeUsage?] = []

  /// Returns the usage of a child by its position.
  func child(_ position: Int) -> NodeUsage {
    if let known = known(position) { return known }
    let usage = NodeUsage()
    while children.count <= position { children.append(nil) }
    children[position] = usage
    return usage
  }

  private func known(_ position: Int) -> NodeUsage? {
    position < children.count ? children[position] : nil
  }

  /// Returns the paths of arrays and values that were not decoded; the value none is never listed.
  func unused(in node: Tree<NDArray>, at path: TreePath = TreePath()) -> [TreePath] {
    guard !isUsed else { return [] }
    switch node {
    case .value(.null): return []
    case .value, .leaf: return [path]
    default:
      var paths: [TreePath] = []
      for (position, child) in node.children.enumerated() {
        let usage = known(position)
        guard usage?.isUsed != true else { continue }
        paths += (usage ?? NodeUsage()).unused(
          in: child.node, at: path.appending(child.component))
      }
      return paths
    }
  }
}
