import CoppiceModel

/// The tree of a value that is asked for what another tree lacks.
struct Fallback {
  private let tree: Tree<NDArray>
  /// Where enums are: another case's key is no addition.
  private let choices: Set<TreePath>

  init(encoding value: some Encodable, depth: Int) throws(CoppiceError) {
    var options = TreeEncoder.Options()
    options.depth = depth
    let run = EncodingRun(options, notesChoices: true)
    tree = try run.encodeRoot(value)
    choices = run.choices
  }

  /// A tree with what it lacks.
  ///
  /// - Parameter given: Gets the paths of the arrays and values that the fallback gave.
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
    // Another case of an enum is another value, and nothing that the tree lacks.
    if choices.contains(ownPath) { added = [] }
    return tree.rebuilt(nodes, adding: added) { component, node in
      given += node.contentPaths(at: path.appending(component))
    }
  }
}

extension TreePath.Component {
  /// The step as a key, whatever the container.
  fileprivate var key: TreeKey? {
    switch self {
    case .key(let key): key
    case .field(let name): .string(name)
    case .index(let index): .integer(index)
    }
  }
}

extension TreeKey {
  /// The integer as its digits, and digits as their integer.
  fileprivate var other: TreeKey? {
    switch self {
    case .integer(let number): .string(String(number))
    case .string: number.map { .integer($0) }
    }
  }
}

extension Tree where Leaf == NDArray {
  /// The same container with other nodes and some more at the end, as far as it takes them.
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

  /// The paths of all arrays and values; none has no content.
  fileprivate func contentPaths(at path: TreePath) -> [TreePath] {
    switch self {
    case .value(.null): []
    case .value, .leaf: [path]
    default: children.flatMap { $0.node.contentPaths(at: path.appending($0.component)) }
    }
  }
}
