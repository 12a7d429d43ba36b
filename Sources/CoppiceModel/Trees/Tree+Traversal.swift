extension Tree {
  /// The children of a container with the step to each; none for a value or a leaf.
  public var children: [(component: TreePath.Component, node: Tree)] {
    switch self {
    case .dict(let entries): entries.map { (.key($0.key), $0.node) }
    case .list(let nodes), .tuple(let nodes):
      nodes.enumerated().map { (.index($0.offset), $0.element) }
    case .record(let record): record.fields.map { (.field($0.name), $0.node) }
    case .value, .leaf: []
    }
  }

  /// Makes the same structure with each leaf replaced, in depth-first order.
  public func mapLeaves<Other, Failure: Error>(
    _ transform: (TreePath, Leaf) throws(Failure) -> Other
  ) throws(Failure) -> Tree<Other> {
    try map(at: TreePath(), transform)
  }

  private func map<Other, Failure: Error>(
    at path: TreePath, _ transform: (TreePath, Leaf) throws(Failure) -> Other
  ) throws(Failure) -> Tree<Other> {
    switch self {
    case .dict(let entries):
      var mapped: [Tree<Other>.Entry] = []
      mapped.reserveCapacity(entries.count)
      for entry in entries {
        let node = try entry.node.map(at: path.appending(.key(entry.key)), transform)
        mapped.append(.init(entry.key, node))
      }
      return .dict(mapped)
    case .list(let nodes): return .list(try Tree.map(nodes, at: path, transform))
    case .tuple(let nodes): return .tuple(try Tree.map(nodes, at: path, transform))
    case .record(let record):
      var fields: [Tree<Other>.Field] = []
      for field in record.fields {
        let node = try field.node.map(at: path.appending(.field(field.name)), transform)
        fields.append(.init(field.name, node))
      }
      return .record(.init(type: record.type, fields: fields))
    case .value(let value): return .value(value)
    case .leaf(let leaf): return .leaf(try transform(path, leaf))
    }
  }

  private static func map<Other, Failure: Error>(
    _ nodes: [Tree], at path: TreePath, _ transform: (TreePath, Leaf) throws(Failure) -> Other
  ) throws(Failure) -> [Tree<Other>] {
    var mapped: [Tree<Other>] = []
    mapped.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      mapped.append(try node.map(at: path.appending(.index(index)), transform))
    }
    return mapped
  }

  /// All leaves with their paths, depth first.
  public var leaves: [(path: TreePath, leaf: Leaf)] {
    var found: [(path: TreePath, leaf: Leaf)] = []
    _ = mapLeaves { (path, leaf) in found.append((path, leaf)) }
    return found
  }

  /// The number of leaves.
  public var leafCount: Int {
    var count = 0
    forEachLeaf { _ in count += 1 }
    return count
  }

  /// The node at a path, or `nil` when the tree has none there.
  public subscript(path: TreePath) -> Tree? {
    var node = self
    for component in path.components {
      guard let child = node.children.first(where: { $0.component == component })?.node else {
        return nil
      }
      node = child
    }
    return node
  }
}

extension Tree {
  /// Gives all leaves in depth-first order, without their paths.
  @inlinable
  package func forEachLeaf(_ body: (Leaf) -> Void) {
    switch self {
    case .dict(let entries): for entry in entries { entry.node.forEachLeaf(body) }
    case .list(let nodes), .tuple(let nodes): for node in nodes { node.forEachLeaf(body) }
    case .record(let record): for field in record.fields { field.node.forEachLeaf(body) }
    case .value: break
    case .leaf(let leaf): body(leaf)
    }
  }

  /// Makes the same structure with a node in the place of each leaf, in depth-first order.
  ///
  /// Inlinable, as is the other walk: large trees are walked several times a load.
  @inlinable
  package func replacingLeaves<Other>(_ replace: (Leaf) -> Tree<Other>) -> Tree<Other> {
    switch self {
    case .dict(let entries):
      .dict(entries.map { .init($0.key, $0.node.replacingLeaves(replace)) })
    case .list(let nodes): .list(nodes.map { $0.replacingLeaves(replace) })
    case .tuple(let nodes): .tuple(nodes.map { $0.replacingLeaves(replace) })
    case .record(let record):
      .record(
        .init(
          type: record.type,
          fields: record.fields.map { .init($0.name, $0.node.replacingLeaves(replace)) }))
    case .value(let value): .value(value)
    case .leaf(let leaf): replace(leaf)
    }
  }
}
