import CoppiceModel

/// A tree, encoded from a fallback value, that supplies nodes which another tree lacks.
struct Fallback {
  private let tree: Tree<NDArray>
  /// The paths of enums; at these, the key of another case is never added.
  private let choices: Set<TreePath>

  init(encoding value: some Encodable, depth: Int) throws(CoppiceError) {
    var options = TreeEncoder.Options()
    options.depth = depth
    let run = EncodingRun(options, notesChoices: true)
    tree = try run.encodeRoot(value)
    choices = run.choices
  }

  /// Returns a tree with its missing nodes added from the fallback.
  ///
  /// - Parameter given: Receives the paths of the arrays and values that came from the fallback.
  func merge(under tree: Tree<NDArray>, given: inout [TreePath]) -> Tree<NDArray> {
    merge(self.tree, under: tree, at: TreePath(), TreePath(), &given)
  }

  private func merge(
    _ own: Tree<NDArray>, under tree: Tree<NDArray>, at path: TreePath, _ ownPath: TreePath,
    _ given: inout [TreePath]
  ) -> Tree<NDArray> {
    var positions: [TreeKey: Int] = [:]
    let children = tree.children
    for (position, child) in children.enumerated() {
      if let key = child.component.key { positions[key] = position }
    }
    var nodes = children.map(\.node)
    var added: [(key: TreeKey, node: Tree<NDArray>)] = []
    for child in own.children {
      guard let key = child.component.key else { continue }
      let ownPath = ownPath.appending(child.component)
      if let position = positions[key] ?? key.other.flatMap({ positions[$0] }) {
        let path = path.appending(children[position].component)
        nodes[position] = merge(child.node, under: nodes[position], at: path, ownPath, &given)
      } else if case .key = child.component {
        added.append((key, child.node))
      }
    }
    // Another case of an enum is another value, not a node that the tree lacks.
    if choices.contains(ownPath) { added = [] }
    return tree.rebuilt(nodes, adding: added) { component, node in
      given += node.contentPaths(at: path.appending(component))
    }
  }
}

extension TreePath.Component {
  /// The component as a key, for any kind of container.
  fileprivate var key: TreeKey? {
    switch self {
    case .key(let key): key
    case .field(let name): .string(name)
    case .index(let index): .integer(index)
    }
  }
}

extension TreeKey {
  /// The other spelling of the same key: an integer as digits, or digits as an integer.
  fileprivate var other: TreeKey? {
    switch self {
    case .integer(let number): .string(String(number))
    case .string: number.map { .integer($0) }
    }
  }
}

extension Tree where Leaf == NDArray {
  /// Returns the container with new nodes and, if its kind allows it, with further ones at the end.
  fileprivate func rebuilt(
    _ nodes: [Tree], adding added: [(key: TreeKey, node: Tree)],
    _ note: (TreePath.Component, Tree) -> Void
  ) -> Tree {
    switch self {
    case .dict(let entries):
      for (key, node) in added { note(.key(key), node) }
      return .dict(
        zip(entries, nodes).map { .init($0.key, $1) } + added.map { .init($0.key, $0.node) })
    case .record(let record):
      var fields = zip(record.fields, nodes).map { Field($0.name, $1) }
      for case (.string(let name), let node) in added {
        note(.field(name), node)
        fields.append(.init(name, node))
      }
      return .record(.init(type: record.type, fields: fields))
    case .list: return .list(nodes)
    case .tuple: return .tuple(nodes)
    case .value, .leaf: return self
    }
  }

  /// Returns the paths of all arrays and values; the value none doesn't count.
  fileprivate func contentPaths(at path: TreePath) -> [TreePath] {
    switch self {
    case .value(.null): []
    case .value, .leaf: [path]
    default: children.flatMap { $0.node.contentPaths(at: path.appending($0.component)) }
    }
  }
}
