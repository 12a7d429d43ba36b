extension Tree {
  /// Returns the index of the child with an escaped name.
  func childIndex(named name: String) -> Int? {
    switch self {
    case .dict(let entries):
      guard let key = TreeKey(escaped: name) else { return nil }
      return entries.firstIndex { $0.key == key }
    case .list(let nodes), .tuple(let nodes):
      guard let index = Int(name), nodes.indices.contains(index), String(index) == name else {
        return nil
      }
      return index
    case .record(let record):
      guard let key = TreeKey(escaped: name) else { return nil }
      return record.fields.firstIndex { TreeKey.string($0.name) == key }
    case .value, .leaf: return nil
    }
  }

  /// Returns the node at a path, with its full path.
  func node(at path: NodePath) -> (path: TreePath, node: Tree)? {
    var found: (path: TreePath, node: Tree) = (TreePath(), self)
    for name in path.components {
      guard let index = found.node.childIndex(named: name) else { return nil }
      let child = found.node.children[index]
      found = (found.path.appending(child.component), child.node)
    }
    return found
  }

  /// Inserts a node at a free path, and makes missing dictionaries above it.
  ///
  /// - Throws: `usage.tree-path`.
  mutating func insert(_ node: Tree, at path: NodePath) throws(CoppiceError) {
    try insert(node, path.components[...], path)
  }

  private mutating func insert(
    _ node: Tree, _ names: ArraySlice<String>, _ path: NodePath
  ) throws(CoppiceError) {
    func failure(_ message: String) -> CoppiceError {
      CoppiceError(.usageTreePath, message, at: .init(treePath: path.description))
    }
    guard let name = names.first, let key = TreeKey(escaped: name) else {
      throw failure("the new path has a component that isn't escaped as in listings")
    }
    let rest = names.dropFirst()
    let index = childIndex(named: name)
    guard index == nil || !rest.isEmpty else {
      throw failure("there is a node at the new path already")
    }
    switch self {
    case .dict(var entries):
      if let index {
        try entries[index].node.insert(node, rest, path)
      } else {
        var child: Tree = rest.isEmpty ? node : .dict([])
        if !rest.isEmpty { try child.insert(node, rest, path) }
        entries.append(.init(key, child))
      }
      self = .dict(entries)
    case .record(var record):
      guard let index else { throw failure("can't add a field to a record") }
      try record.fields[index].node.insert(node, rest, path)
      self = .record(record)
    case .list(var nodes):
      guard let index else { throw failure("can't add an element to a sequence") }
      try nodes[index].insert(node, rest, path)
      self = .list(nodes)
    case .tuple(var nodes):
      guard let index else { throw failure("can't add an element to a sequence") }
      try nodes[index].insert(node, rest, path)
      self = .tuple(nodes)
    case .leaf, .value: throw failure("the new path leads through a leaf")
    }
  }

  /// Returns the tree without the nodes that a closure drops; `nil` when a non-empty tree becomes
  /// empty.
  ///
  /// Containers that lose all their children are dropped as well. In a sequence that loses some
  /// elements, `none` takes their places.
  func pruned(
    at path: TreePath = TreePath(), where isDropped: (TreePath) -> Bool
  ) -> Tree? {
    if isDropped(path) { return nil }
    let children = children
    guard !children.isEmpty else { return self }
    let nodes = children.map {
      $0.node.pruned(at: path.appending($0.component), where: isDropped)
    }
    return nodes.contains { $0 != nil } ? rebuilt(nodes) : nil
  }
}
