import CoppiceModel

/// What was decoded of a node and of those below it.
final class NodeUsage {
  /// Whether the node was decoded with all that is below it.
  var isUsed = false
  private var children: [Int: NodeUsage] = [:]

  /// The usage of a child by its position.
  func child(_ position: Int) -> NodeUsage {
    if let known = children[position] { return known }
    let usage = NodeUsage()
    children[position] = usage
    return usage
  }

  /// The paths of arrays and values that were not decoded; none has nothing to lose.
  func unused(in node: Tree<NDArray>, at path: TreePath = TreePath()) -> [TreePath] {
    guard !isUsed else { return [] }
    switch node {
    case .value(.none): return []
    case .value, .leaf: return [path]
    default:
      return node.children.enumerated().flatMap { position, child in
        (children[position] ?? NodeUsage())
          .unused(in: child.node, at: path.appending(child.component))
      }
    }
  }
}
