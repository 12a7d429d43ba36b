import CoppiceModel

/// A selection of leaves, applied on the way down a tree.
struct LeafFilter {
  private let selection: TreeLoadOptions.Selection
  /// Whether the selection takes a container around this node, and so everything in it.
  private(set) var isInside: Bool

  init(_ selection: TreeLoadOptions.Selection) {
    self.selection = selection
    if case .all = selection { isInside = true } else { isInside = false }
  }

  /// Returns the filter for the nodes at and below a path.
  ///
  /// A pattern that matches a container takes everything in it.
  func entering(_ path: TreePath) -> LeafFilter {
    guard !isInside, case .matching(let globs) = selection,
      globs.contains(where: { $0.matches(path) })
    else { return self }
    var filter = self
    filter.isInside = true
    return filter
  }

  /// Tells whether a saved leaf or value is taken; call it on the filter that `entering` its path
  /// returns.
  ///
  /// - Parameter metadata: `nil` for a value, and for a leaf without a description.
  func takes(_ path: TreePath, _ metadata: ArrayMetadata?) -> Bool {
    guard case .leaves(let isTaken) = selection, !isInside else { return isInside }
    return isTaken(path, metadata)
  }

  /// Whether the selection takes a leaf that isn't saved.
  ///
  /// A closure can't be called without metadata of the leaf: such a selection takes it.
  var takesMissing: Bool {
    if case .leaves = selection { return true }
    return isInside
  }

  /// Tells whether anything at or below a saved node is taken.
  func takesAny(of node: Tree<ArrayLeaf>, at path: TreePath) -> Bool {
    let filter = entering(path)
    if filter.isInside { return true }
    switch node {
    case .leaf(let leaf): return filter.takes(path, try? leaf.metadata)
    case .value: return filter.takes(path, nil)
    default:
      return node.children.contains {
        filter.takesAny(of: $0.node, at: path.appending($0.component))
      }
    }
  }
}
