/// A move of one node of a tree to another path.
///
/// Paths have the spelling of listings: escaped components joined by `/`. Missing containers above
/// the new path are made, as dictionaries.
public struct TreeRenaming: Hashable, Sendable {
  private let old: NodePath
  private let new: NodePath

  /// Makes a renaming from two paths in the spelling of listings.
  ///
  /// - Throws: `usage.tree-path` when one is empty.
  public init(from old: String, to new: String) throws(CoppiceError) {
    do {
      self.old = try NodePath(old)
      self.new = try NodePath(new)
    } catch {
      throw CoppiceError(
        .usageTreePath, "a renaming is OLD=NEW with two paths as \"ls\" prints them")
    }
  }

  /// The path of the node to move, as given.
  public var oldPath: String { old.description }

  /// Returns whether a tree has the node.
  public func applies<Leaf>(to tree: Tree<Leaf>) -> Bool { tree.node(at: old) != nil }

  /// Returns the tree with the node moved.
  ///
  /// - Throws: `usage.tree-path` when there is no node at the old path, when there is one at the new
  ///   path, or when the old one is an element of a sequence.
  public func apply<Leaf>(to tree: Tree<Leaf>) throws(CoppiceError) -> Tree<Leaf> {
    var tree = tree
    let node = try remove(&tree, old.components[...])
    try tree.insert(node, at: new)
    return tree
  }

  private func failure(_ message: String) -> CoppiceError {
    CoppiceError(.usageTreePath, message, at: .init(treePath: oldPath))
  }

  private func remove<Leaf>(
    _ tree: inout Tree<Leaf>, _ path: ArraySlice<String>
  ) throws(CoppiceError) -> Tree<Leaf> {
    guard let name = path.first,
      let index = tree.childIndex(named: name)
    else { throw failure("there is no such node to rename") }
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
    case .leaf, .value: throw failure("there is no such node to rename")
    }
  }

  private func removeElement<Leaf>(
    _ nodes: inout [Tree<Leaf>], _ index: Int, _ rest: ArraySlice<String>
  ) throws(CoppiceError) -> Tree<Leaf> {
    guard !rest.isEmpty else {
      throw failure("an element of a sequence can't be renamed: the others would move")
    }
    return try remove(&nodes[index], rest)
  }
}
