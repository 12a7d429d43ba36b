/// The nesting of dictionaries whose keys are whole paths, such as `a.b.c`, and its inverse.
struct KeySplitting {
  let separator: String
  /// The patterns of the nodes to change, with all below; empty for the whole tree.
  let globs: [PathGlob]

  /// - Throws: `usage.choice` without a separator.
  init(_ separator: String, in globs: [PathGlob]) throws(CoppiceError) {
    guard !separator.isEmpty else {
      throw CoppiceError(.usageChoice, "keys are split and joined at a text, which is empty here")
    }
    (self.separator, self.globs) = (separator, globs)
  }

  /// Returns the tree with the keys of dictionaries split into levels.
  ///
  /// - Parameter makesLists: Whether levels with the keys 0, 1, 2, … become lists.
  /// - Throws: `usage.tree-path` where a key would be both an array and a level.
  func nest<Leaf>(_ tree: Tree<Leaf>, makesLists: Bool) throws(CoppiceError) -> Tree<Leaf> {
    try change(tree) { (node, path) throws(CoppiceError) in
      try nested(node, at: path, makesLists)
    }
  }

  /// Returns the tree with each container as one dictionary, whose keys are the joined ones.
  ///
  /// - Throws: `usage.tree-path` for two nodes with one key.
  func flatten<Leaf>(_ tree: Tree<Leaf>) throws(CoppiceError) -> Tree<Leaf> {
    try change(tree) { (node, path) throws(CoppiceError) in
      guard !node.children.isEmpty else { return node }
      let assembly = TreeAssembly<Leaf>()
      try add(node, named: nil, at: path, to: assembly)
      return assembly.tree()
    }
  }

  /// Changes the root, or the nodes that match.
  private func change<Leaf>(
    _ node: Tree<Leaf>, at path: TreePath = TreePath(),
    _ body: (Tree<Leaf>, TreePath) throws(CoppiceError) -> Tree<Leaf>
  ) throws(CoppiceError) -> Tree<Leaf> {
    if globs.isEmpty || globs.contains(where: { $0.matches(path) }) { return try body(node, path) }
    let children = node.children
    guard !children.isEmpty else { return node }
    return node.rebuilt(
      try children.map { (child) throws(CoppiceError) -> Tree<Leaf>? in
        try change(child.node, at: path.appending(child.component), body)
      })
  }

  private func nested<Leaf>(
    _ node: Tree<Leaf>, at path: TreePath, _ makesLists: Bool
  ) throws(CoppiceError) -> Tree<Leaf> {
    let children = node.children
    guard !children.isEmpty else { return node }
    let nodes = try children.map { (child) throws(CoppiceError) in
      try nested(child.node, at: path.appending(child.component), makesLists)
    }
    guard case .dict(let entries) = node else { return node.rebuilt(nodes.map { $0 }) }
    let assembly = TreeAssembly<Leaf>()
    for (entry, node) in zip(entries, nodes) {
      var keys = [entry.key]
      if case .string(let text) = entry.key {
        keys = text.split(separator: separator, omittingEmptySubsequences: false)
          .map { .string(String($0)) }
      }
      let old = path.appending(.key(entry.key)).description
      do throws(CoppiceError) {
        try assembly.add(node, from: old, at: keys, joins: true, isMade: keys.count > 1)
      } catch {
        throw error.below(path)
      }
    }
    return assembly.tree(makesLists: makesLists)
  }

  private func add<Leaf>(
    _ node: Tree<Leaf>, named name: String?, at path: TreePath, to assembly: TreeAssembly<Leaf>
  ) throws(CoppiceError) {
    let children = node.children
    if let name, children.isEmpty {
      return try assembly.add(node, from: path.description, at: [.string(name)])
    }
    for (component, child) in children {
      let step = component.plainText
      try add(
        child, named: name.map { $0 + separator + step } ?? step, at: path.appending(component),
        to: assembly)
    }
  }
}

extension CoppiceError {
  /// The error with its path below another.
  fileprivate func below(_ path: TreePath) -> CoppiceError {
    var error = self
    let outer = path.description
    if !outer.isEmpty, let inner = location.treePath {
      error.location.treePath = outer + "/" + inner
    }
    return error
  }
}
