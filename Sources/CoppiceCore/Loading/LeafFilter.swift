import CoppiceModel

/// Which nodes a selection takes, on the way down a tree.
struct LeafFilter {
  private let selection: TreeLoadOptions.Selection
  /// Whether a container above was taken, and so everything below.
  private(set) var isInside: Bool

  init(_ selection: TreeLoadOptions.Selection) {
    self.selection = selection
    if case .all = selection { isInside = true } else { isInside = false }
  }

  /// The filter for what lies at a path: a pattern that matches a container takes all of it.
  func entering(_ path: TreePath) -> LeafFilter {
    guard !isInside, case .matching(let globs) = selection,
      globs.contains(where: { $0.matches(path) })
    else { return self }
    var filter = self
    filter.isInside = true
    return filter
  }

  /// Tells whether a leaf or value that is saved is taken; `entering` its path came before.
  ///
  /// - Parameter metadata: `nil` for a value, and for a leaf without a description.
  func takes(_ path: TreePath, _ metadata: ArrayMetadata?) -> Bool {
    guard case .leaves(let isTaken) = selection, !isInside else { return isInside }
    return isTaken(path, metadata)
  }

  /// Tells whether a leaf that isn't saved would be taken: closures can't know, and take it.
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
