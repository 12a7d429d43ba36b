/// The application of renamings to a tree, all at once.
struct TreeRenamer<Leaf> {
  private let renamings: [TreeRenaming]
  private var assembly = TreeAssembly<Leaf>()
  private var used: Set<Int> = []

  init(_ renamings: [TreeRenaming]) { self.renamings = renamings }

  /// The rest of a node.
  private enum Rest {
    case kept(Tree<Leaf>)
    case moved
    /// All children have moved by patterns.
    case emptied
  }

  /// Returns whether some renaming matches a node, other than by leading to an error.
  func finds(in tree: Tree<Leaf>) -> Bool { finds(in: tree, [], Array(renamings.indices)) }

  private func finds(in node: Tree<Leaf>, _ path: [String], _ active: [Int]) -> Bool {
    if match(node, path, active) != nil { return true }
    return node.children.contains { child in
      let name = child.component.escaped
      let inner = narrowed(active, name, path.count)
      return !inner.isEmpty && finds(in: child.node, path + [name], inner)
    }
  }

  /// Returns the tree with all nodes moved.
  ///
  /// - Throws: `usage.tree-path`.
  mutating func rename(_ tree: Tree<Leaf>) throws(CoppiceError) -> Tree<Leaf> {
    let rest = try collect(tree, [], Array(renamings.indices))
    for (index, renaming) in renamings.enumerated() where !used.contains(index) {
      throw CoppiceError(
        .usageTreePath,
        "there is no such node to rename" + tree.hint(for: renaming.oldPath),
        at: .init(treePath: renaming.oldPath))
    }
    switch rest {
    case .kept(let tree): return try assembly.insert(into: tree)
    case .moved, .emptied: return try assembly.insert(into: .dict([]))
    }
  }

  /// Takes out what moves, and returns the rest.
  ///
  /// - Parameter active: The renamings that may match here or below.
  private mutating func collect(
    _ node: Tree<Leaf>, _ path: [String], _ active: [Int]
  ) throws(CoppiceError) -> Rest {
    if let (index, captures) = match(node, path, active) {
      used.insert(index)
      try move(node, path, renamings[index], captures)
      return .moved
    }
    guard !active.isEmpty else { return .kept(node) }
    let children = node.children
    guard !children.isEmpty else { return .kept(node) }
    var rests: [Rest] = []
    for (component, child) in children {
      let name = component.escaped
      let inner = narrowed(active, name, path.count)
      rests.append(inner.isEmpty ? .kept(child) : try collect(child, path + [name], inner))
    }
    let areGone = rests.allSatisfy { if case .kept = $0 { false } else { true } }
    let isByPattern = active.contains {
      if case .pattern = renamings[$0].old { true } else { false }
    }
    switch node {
    case .list, .tuple:
      if areGone, isByPattern { return .emptied }
      if let index = rests.firstIndex(where: { if case .moved = $0 { true } else { false } }) {
        let place = path + [children[index].component.escaped]
        throw CoppiceError(
          .usageTreePath,
          "an element of a sequence can't be renamed: the others would move",
          at: .init(treePath: place.joined(separator: "/")))
      }
    case .dict, .record: if areGone, isByPattern { return .emptied }
    case .leaf, .value: break
    }
    let nodes = rests.map { rest -> Tree<Leaf>? in
      if case .kept(let node) = rest { node } else { nil }
    }
    return .kept(node.rebuilt(nodes))
  }

  private func match(
    _ node: Tree<Leaf>, _ path: [String], _ active: [Int]
  ) -> (index: Int, captures: [PathGlob.Capture])? {
    for index in active {
      switch renamings[index].old {
      case .path(let old):
        if old.components.count == path.count { return (index, []) }
      case .pattern(let glob):
        // What lies below moves one by one.
        if glob.endsInAnyDepth, node.isNonemptyDict { continue }
        if glob.matches(path), let captures = glob.captures(of: path) { return (index, captures) }
      }
    }
    return nil
  }

  /// Returns the renamings that may match a child, or something below it.
  private func narrowed(_ active: [Int], _ name: String, _ depth: Int) -> [Int] {
    active.filter { index in
      guard case .path(let old) = renamings[index].old else { return true }
      return old.components.count > depth && old.components[depth].utf8.elementsEqual(name.utf8)
    }
  }

  private func move(
    _ node: Tree<Leaf>, _ path: [String], _ renaming: TreeRenaming, _ captures: [PathGlob.Capture]
  ) throws(CoppiceError) {
    let old = path.joined(separator: "/")
    guard let keys = renaming.new.path(captures) else {
      let isLiteral = if case .path = renaming.old { true } else { false }
      throw CoppiceError(
        .usageTreePath,
        isLiteral
          ? "the new path has a component that isn't escaped as in listings"
          : "\"\(renaming.new.text.printable)\" makes no path of this one: a component would be empty, or isn't escaped as in listings",
        at: .init(treePath: isLiteral ? renaming.new.text : old))
    }
    try assembly.add(node, from: old, at: keys)
  }
}
