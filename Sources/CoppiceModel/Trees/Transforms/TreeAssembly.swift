/// New places for nodes, from which dictionaries are made.
///
/// Dictionaries that come to the same place are joined; no other node is replaced. Large trees have
/// many nodes in one dictionary, so that names are found by hash.
struct TreeAssembly<Leaf> {
  /// A node for a new place, with its old path for messages.
  typealias Source = (old: String, node: Tree<Leaf>)

  /// A dictionary that is being made.
  private final class Branch {
    var places: [TreeKey: Int] = [:]
    var children: [(key: TreeKey, child: Child)] = []
    /// Whether keys were made by splitting text.
    var isMade = false

    /// The old path of some node of the branch.
    var someSource: String { children.first?.child.someSource ?? "" }
  }

  private enum Child {
    case branch(Branch)
    case node(Source)

    var someSource: String {
      switch self {
      case .node(let source): source.old
      case .branch(let branch): branch.someSource
      }
    }

    /// The keys from here to some node.
    var someKeys: [TreeKey] {
      guard case .branch(let branch) = self, let first = branch.children.first else { return [] }
      return [first.key] + first.child.someKeys
    }
  }

  private let root = Branch()

  /// Adds a node.
  ///
  /// - Parameters:
  ///   - keys: The new place, which has at least one key.
  ///   - joins: Whether a dictionary is joined with another at the same place, rather than refused.
  ///   - isMade: Whether the keys were made by splitting text.
  /// - Throws: `usage.tree-path` naming both nodes that would come to one place.
  func add(
    _ node: Tree<Leaf>, from old: String, at keys: [TreeKey], joins: Bool = false,
    isMade: Bool = false
  ) throws(CoppiceError) {
    try add(node, from: old, at: keys[...], keys, to: root, joins: joins, isMade: isMade)
  }

  private func add(
    _ node: Tree<Leaf>, from old: String, at keys: ArraySlice<TreeKey>, _ whole: [TreeKey],
    to branch: Branch, joins: Bool, isMade: Bool
  ) throws(CoppiceError) {
    guard let key = keys.first else { return }
    let rest = keys.dropFirst()
    if isMade { branch.isMade = true }
    guard let place = branch.places[key] else {
      branch.places[key] = branch.children.count
      if rest.isEmpty, !(joins && node.isNonemptyDict) {
        branch.children.append((key, .node((old, node))))
        return
      }
      let inner = Branch()
      branch.children.append((key, .branch(inner)))
      try fill(inner, node, from: old, at: rest, whole, joins: joins, isMade: isMade)
      return
    }
    switch branch.children[place].child {
    case .node(let other):
      let place = whole[..<(whole.count - rest.count)]
      throw Self.collision(other.old, old, at: place, isBelow: !rest.isEmpty)
    case .branch(let inner):
      guard !rest.isEmpty || joins && node.isNonemptyDict else {
        throw Self.collision(inner.someSource, old, at: whole[...], isBelow: true)
      }
      try fill(inner, node, from: old, at: rest, whole, joins: joins, isMade: isMade)
    }
  }

  /// Adds a node below a branch, or the children of a dictionary that becomes the branch.
  private func fill(
    _ branch: Branch, _ node: Tree<Leaf>, from old: String, at keys: ArraySlice<TreeKey>,
    _ whole: [TreeKey], joins: Bool, isMade: Bool
  ) throws(CoppiceError) {
    guard keys.isEmpty, case .dict(let entries) = node else {
      return try add(
        node, from: old, at: keys, whole, to: branch, joins: joins, isMade: isMade)
    }
    for entry in entries {
      let place = whole + [entry.key]
      let inner = (old.isEmpty ? "" : old + "/") + TreePath.Component.key(entry.key).escaped
      try add(
        entry.node, from: inner, at: place[whole.count...], place, to: branch, joins: joins,
        isMade: false)
    }
  }

  private static func collision(
    _ first: String, _ second: String, at place: ArraySlice<TreeKey>, isBelow: Bool
  ) -> CoppiceError {
    let path = TreePath(place.map { .key($0) }).description
    return CoppiceError(
      .usageTreePath,
      "\"\(first.printable)\" and \"\(second.printable)\" would both "
        + (isBelow ? "lie at or below this path" : "have this path"),
      at: .init(treePath: path))
  }

  /// Returns the dictionary of all nodes.
  ///
  /// - Parameter makesLists: Whether made keys 0, 1, 2, … without a gap make a list.
  func tree(makesLists: Bool = false) -> Tree<Leaf> { Self.tree(root, makesLists) }

  private static func tree(_ branch: Branch, _ makesLists: Bool) -> Tree<Leaf> {
    let entries = branch.children.map { key, child in
      switch child {
      case .node(let source): Tree<Leaf>.Entry(key, source.node)
      case .branch(let inner): Tree<Leaf>.Entry(key, tree(inner, makesLists))
      }
    }
    guard makesLists, branch.isMade else { return .dict(entries) }
    var elements = [Tree<Leaf>?](repeating: nil, count: entries.count)
    for entry in entries {
      guard case .string(let text) = entry.key, let index = Int(text), String(index) == text,
        elements.indices.contains(index)
      else { return .dict(entries) }
      elements[index] = entry.node
    }
    return .list(elements.compactMap(\.self))
  }

  /// Adds all nodes to a tree that has none at their places.
  ///
  /// - Throws: `usage.tree-path`.
  func insert(into tree: Tree<Leaf>) throws(CoppiceError) -> Tree<Leaf> {
    try Self.insert(root, into: tree, [])
  }

  private static func insert(
    _ branch: Branch, into tree: Tree<Leaf>, _ path: [TreeKey]
  ) throws(CoppiceError) -> Tree<Leaf> {
    func failure(_ words: String, _ key: TreeKey, _ child: Child) -> CoppiceError {
      let place = TreePath((path + [key] + child.someKeys).map { .key($0) }).description
      return CoppiceError(
        .usageTreePath, "\"\(child.someSource.printable)\" can't be moved here: \(words)",
        at: .init(treePath: place))
    }
    var nodes = tree.children.map { Optional($0.node) }
    var places: [TreeKey: Int] = [:]
    if case .dict(let entries) = tree {
      for (place, entry) in entries.enumerated() { places[entry.key] = place }
    }
    var added: [Tree<Leaf>.Entry] = []
    for (key, child) in branch.children {
      let place: Int? =
        if case .dict = tree {
          places[key]
        } else {
          tree.childIndex(named: TreePath.Component.key(key).escaped)
        }
      if let place {
        guard case .branch(let inner) = child else {
          throw failure("there is a node at the new path already", key, child)
        }
        nodes[place] = try nodes[place].map { (node) throws(CoppiceError) in
          try insert(inner, into: node, path + [key])
        }
        continue
      }
      switch tree {
      case .dict: break
      case .record: throw failure("can't add a field to a record", key, child)
      case .list, .tuple: throw failure("can't add an element to a sequence", key, child)
      case .leaf, .value: throw failure("the new path leads through a leaf", key, child)
      }
      switch child {
      case .node(let source): added.append(.init(key, source.node))
      case .branch(let inner): added.append(.init(key, self.tree(inner, false)))
      }
    }
    guard case .dict(let entries) = tree else { return tree.rebuilt(nodes) }
    let old = zip(entries, nodes).compactMap { entry, node in
      node.map { Tree<Leaf>.Entry(entry.key, $0) }
    }
    return .dict(old + added)
  }
}

extension Tree {
  var isNonemptyDict: Bool {
    guard case .dict(let entries) = self else { return false }
    return !entries.isEmpty
  }
}
