package import CoppiceModel

/// Moves one node of a tree to another path.
package struct TreeRenaming: Sendable {
  /// The escaped components of the node's path and of the path that it gets.
  private let old: [String]
  private let new: [String]

  /// Makes a renaming of two paths as listings print them.
  ///
  /// - Throws: `usage.tree-path` when one is empty.
  package init(from old: String, to new: String) throws(CoppiceError) {
    self.old = Self.split(old)
    self.new = Self.split(new)
    guard !self.old.isEmpty, !self.new.isEmpty, !self.new.contains("") else {
      throw CoppiceError(
        .usageTreePath, "a renaming is OLD=NEW with two paths as \"ls\" prints them")
    }
  }

  /// The path of the node that moves, as it was given.
  package var oldPath: String { old.joined(separator: "/") }

  /// Tells whether a tree has the node.
  package func applies<Leaf>(to tree: Tree<Leaf>) -> Bool {
    var node = tree
    for name in old {
      guard let child = node.child(named: name) else { return false }
      node = child
    }
    return true
  }

  private static func split(_ path: String) -> [String] {
    path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }

  /// The tree with the node moved.
  ///
  /// - Throws: `usage.tree-path` when there is no node at the old path, when there is one at the new
  ///   path, or when the old one is an element of a sequence.
  package func apply<Leaf>(to tree: Tree<Leaf>) throws(CoppiceError) -> Tree<Leaf> {
    var tree = tree
    let node = try remove(&tree, old[...])
    try insert(node, into: &tree, new[...])
    return tree
  }

  private func failure(_ message: String, _ path: [String]) -> CoppiceError {
    CoppiceError(.usageTreePath, message, at: .init(treePath: path.joined(separator: "/")))
  }

  private func remove<Leaf>(
    _ tree: inout Tree<Leaf>, _ path: ArraySlice<String>
  ) throws(CoppiceError) -> Tree<Leaf> {
    guard let name = path.first,
      let index = tree.children.firstIndex(where: {
        $0.component.escaped.utf8.elementsEqual(name.utf8)
      })
    else { throw failure("there is no such node to rename", old) }
    let rest = path.dropFirst()
    switch tree {
    case .dict(var entries):
      if rest.isEmpty {
        let node = entries.remove(at: index).node
        tree = .dict(entries)
        return node
      }
      let node = try remove(&entries[index].node, rest)
      tree = .dict(entries)
      return node
    case .record(var record):
      if rest.isEmpty {
        let node = record.fields.remove(at: index).node
        tree = .record(record)
        return node
      }
      let node = try remove(&record.fields[index].node, rest)
      tree = .record(record)
      return node
    case .list(var nodes):
      let node = try removeElement(&nodes, index, rest)
      tree = .list(nodes)
      return node
    case .tuple(var nodes):
      let node = try removeElement(&nodes, index, rest)
      tree = .tuple(nodes)
      return node
    case .leaf, .value: throw failure("there is no such node to rename", old)
    }
  }

  private func removeElement<Leaf>(
    _ nodes: inout [Tree<Leaf>], _ index: Int, _ rest: ArraySlice<String>
  ) throws(CoppiceError) -> Tree<Leaf> {
    guard !rest.isEmpty else {
      throw failure("an element of a sequence can't be renamed: the others would move", old)
    }
    return try remove(&nodes[index], rest)
  }

  private func insert<Leaf>(
    _ node: Tree<Leaf>, into tree: inout Tree<Leaf>, _ path: ArraySlice<String>
  ) throws(CoppiceError) {
    guard let name = path.first, let key = TreeKey(escaped: name) else {
      throw failure("the new path has a component that no listing prints", new)
    }
    let rest = path.dropFirst()
    let index = tree.children.firstIndex { $0.component.escaped.utf8.elementsEqual(name.utf8) }
    guard index == nil || !rest.isEmpty else {
      throw failure("there is a node at the new path already", new)
    }
    switch tree {
    case .dict(var entries):
      if let index {
        try insert(node, into: &entries[index].node, rest)
      } else {
        var child: Tree<Leaf> = rest.isEmpty ? node : .dict([])
        if !rest.isEmpty { try insert(node, into: &child, rest) }
        entries.append(.init(key, child))
      }
      tree = .dict(entries)
    case .record(var record):
      guard let index else {
        throw failure("a record gets no new fields by renaming", new)
      }
      try insert(node, into: &record.fields[index].node, rest)
      tree = .record(record)
    case .list(var nodes):
      guard let index else {
        throw failure("a sequence gets no new elements by renaming", new)
      }
      try insert(node, into: &nodes[index], rest)
      tree = .list(nodes)
    case .tuple(var nodes):
      guard let index else {
        throw failure("a sequence gets no new elements by renaming", new)
      }
      try insert(node, into: &nodes[index], rest)
      tree = .tuple(nodes)
    case .leaf, .value: throw failure("the new path leads through a leaf", new)
    }
  }
}

extension Tree {
  /// The child to which an escaped component leads.
  fileprivate func child(named name: String) -> Tree? {
    children.first { $0.component.escaped.utf8.elementsEqual(name.utf8) }?.node
  }
}
