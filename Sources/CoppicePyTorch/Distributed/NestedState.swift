import CoppiceModel

/// A nested state, put together from entries with the path of each.
///
/// A text in a path is a key of a dictionary, a number an index of a list.
struct NestedState {
  private struct Node {
    enum Content {
      case node(Tree<ArrayLeaf>)
      case dictionary
      case list
    }

    var content: Content
    var members: [(key: TreeKey, node: Int)] = []
    var places: [TreeKey: Int] = [:]
  }

  private var nodes = [Node(content: .dictionary)]
  private let limits: ReadLimits

  init(limits: ReadLimits) { self.limits = limits }

  /// Adds an entry.
  ///
  /// - Throws: `pytorch.state-path` for a path that is another entry's, or leads through one.
  mutating func add(_ node: Tree<ArrayLeaf>, at path: [TreeKey]) throws(CoppiceError) {
    guard case .string? = path.first, path.count <= limits.depth else {
      throw fault("the path has no key, or more than \(limits.depth)", path)
    }
    var parent = 0
    for (step, key) in path.enumerated() {
      switch (nodes[parent].content, key) {
      case (.dictionary, .string(let text)) where text.utf8.count <= limits.componentBytes: break
      case (.list, .integer(let index)) where index >= 0: break
      default: throw fault("the path leads through another entry", path)
      }
      if let child = nodes[parent].places[key] {
        guard step < path.count - 1 else { throw fault("another entry has the same path", path) }
        parent = child
        continue
      }
      var content = Node.Content.node(node)
      if step < path.count - 1 {
        if case .string = path[step + 1] { content = .dictionary } else { content = .list }
      }
      nodes[parent].places[key] = nodes.count
      nodes[parent].members.append((key, nodes.count))
      parent = nodes.count
      nodes.append(Node(content: content))
    }
  }

  /// Returns the whole state.
  ///
  /// - Throws: `pytorch.state-path` for a list of which most items are missing.
  func tree() throws(CoppiceError) -> Tree<ArrayLeaf> { try tree(0, at: TreePath()) }

  private func tree(_ place: Int, at path: TreePath) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let node = nodes[place]
    switch node.content {
    case .node(let tree): return tree
    case .dictionary:
      var entries: [Tree<ArrayLeaf>.Entry] = []
      entries.reserveCapacity(node.members.count)
      for (key, child) in node.members {
        entries.append(.init(key, try tree(child, at: path.appending(.key(key)))))
      }
      return .dict(entries)
    case .list:
      var items: [Int: Tree<ArrayLeaf>] = [:]
      var count = 0
      for (key, child) in node.members {
        guard case .integer(let index) = key else { continue }
        items[index] = try tree(child, at: path.appending(.index(index)))
        count = max(count, index < Int.max ? index + 1 : index)
      }
      // Where torch puts a list together, missing items are None.
      guard count <= items.count * 2 + 64 else {
        throw CoppiceError(
          .pytorchStatePath,
          "a list of \(count) items has only \(items.count) of them; the metadata are damaged",
          at: .init(treePath: path.description))
      }
      return .list((0..<count).map { items[$0] ?? .value(.null) })
    }
  }

  private func fault(_ message: String, _ path: [TreeKey]) -> CoppiceError {
    CoppiceError(
      .pytorchStatePath, "\(message), so that its place in the state is not clear",
      at: .init(treePath: Self.treePath(path).description))
  }

  /// Returns the path in the tree.
  static func treePath(_ path: [TreeKey]) -> TreePath {
    TreePath(
      path.map {
        switch $0 {
        case .string: .key($0)
        case .integer(let index): .index(index)
        }
      })
  }
}
