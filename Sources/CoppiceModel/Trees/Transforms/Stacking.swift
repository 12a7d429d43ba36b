/// A combination of several nodes of equal structure into one, leaf by leaf.
struct Stacking {
  let axis: Int
  let isNewAxis: Bool

  /// A node with its path, for errors.
  private typealias Part = (path: TreePath, node: Tree<ArrayLeaf>)

  func apply(
    to tree: Tree<ArrayLeaf>, _ paths: [String], into new: String
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    var parts: [Part] = []
    for path in paths {
      let path = try NodePath(path)
      guard let found = tree.node(at: path) else {
        throw CoppiceError(
          .usageTreePath, "there is no such node to stack", at: .init(treePath: path.description))
      }
      parts.append(found)
    }
    let taken = Set(parts.map(\.path))
    guard !parts.isEmpty, taken.count == parts.count else {
      throw CoppiceError(
        .usageTreePath,
        "stacking needs at least one path, and each only once; \(paths.count) were given")
    }
    let stacked = try stack(parts)
    var rest = tree.pruned { taken.contains($0) } ?? .dict([])
    try rest.insert(stacked, at: try NodePath(new))
    return rest
  }

  private func stack(_ parts: [Part]) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let first = parts[0]
    switch first.node {
    case .leaf: return .leaf(try leaf(parts))
    case .value(let value):
      for part in parts {
        guard case .value(let other) = part.node, other == value else {
          throw differs(part, from: first, "values that aren't equal can't be stacked")
        }
      }
      return first.node
    case .dict, .list, .tuple, .record:
      let components = first.node.children.map(\.component)
      var children: [[Part]] = Array(repeating: [], count: components.count)
      for part in parts {
        let own = part.node.children
        guard part.node.isSameContainer(as: first.node), own.count == components.count else {
          throw differs(part, from: first, "branches of different structure can't be stacked")
        }
        let places = Dictionary(
          zip(own.map(\.component), own.indices), uniquingKeysWith: { first, _ in first })
        for (index, component) in components.enumerated() {
          guard let place = places[component] else {
            throw differs(part, from: first, "branches of different structure can't be stacked")
          }
          children[index].append((part.path.appending(component), own[place].node))
        }
      }
      let nodes = try children.map { (parts) throws(CoppiceError) -> Tree<ArrayLeaf>? in
        try stack(parts)
      }
      return first.node.rebuilt(nodes)
    }
  }

  private func leaf(_ parts: [Part]) throws(CoppiceError) -> ArrayLeaf {
    var leaves: [ArrayLeaf] = []
    for part in parts {
      guard case .leaf(let leaf) = part.node else {
        throw differs(part, from: parts[0], "only one of the two is an array")
      }
      // Each leaf is compared with the first, so that the error names the one that differs.
      if let first = leaves.first {
        do throws(CoppiceError) {
          _ = try stacked([try first.source, try leaf.source])
        } catch {
          throw error.located(treePath: part.path.description)
        }
      }
      leaves.append(leaf)
    }
    do throws(CoppiceError) {
      let sources = try leaves.map { (leaf) throws(CoppiceError) in try leaf.source }
      let implementations = try leaves.map { (leaf) throws(CoppiceError) in
        try leaf.metadata.prngImplementation
      }
      let areSame = implementations.allSatisfy { $0 == implementations[0] }
      return ArrayLeaf(
        try stacked(sources), prngImplementation: areSame ? implementations[0] : nil)
    } catch {
      throw error.located(treePath: parts[0].path.description)
    }
  }

  private func stacked(_ sources: [any ArraySource]) throws(CoppiceError) -> StackedSource {
    try isNewAxis
      ? StackedSource(stacking: sources, axis: axis) : StackedSource(joining: sources, axis: axis)
  }

  private func differs(_ part: Part, from first: Part, _ message: String) -> CoppiceError {
    CoppiceError(
      .usageTreePath, "\(message); the other is \(first.path.description.printable)",
      at: .init(treePath: part.path.description))
  }
}
