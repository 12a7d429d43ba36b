extension Tree {
  /// The node at the text of a path, as listings print it: `tree["params/layers/0/w"]`.
  ///
  /// A `/` separates the steps, so that one inside a key is written `%2F`; the key 7, an integer, is
  /// `%#7`; the text of the root is empty. Of no other text must anything be escaped.
  ///
  /// Getting gives `nil` where there is no such node.
  ///
  /// Setting makes or replaces the node, and the dictionaries on the way there, so that getting then
  /// gives what was set. What can't take the next step becomes a dictionary: a leaf or value an empty
  /// one, a list, tuple or record one of its children. A list takes the index after its last. Where
  /// text comes from elsewhere, ``set(_:at:)`` refuses to replace what is on the way.
  ///
  /// Setting `nil` removes the node, if there is one, and nothing else; what follows it in a list
  /// moves up, and removing the root leaves an empty dictionary.
  public subscript(path: String) -> Tree? {
    get {
      var node = self
      for name in PathText.components(path) {
        guard let index = node.childIndex(named: name) else { return nil }
        node = node.child(at: index)
      }
      return node
    }
    set {
      let names = PathText.components(path)
      guard let newValue else { return remove(at: names[...]) }
      put(newValue, at: names[...])
    }
  }

  /// Makes or replaces the node at the text of a path, and makes the dictionaries on the way there.
  ///
  /// Unlike the subscript, it replaces nothing but the node itself.
  ///
  /// - Throws: `usage.tree-path` where a leaf or a value is on the way, where a list or tuple has no
  ///   such index, except that a list takes the one after its last, and where a record has no such
  ///   field. The tree is then unchanged.
  public mutating func set(_ node: Tree, at path: String) throws(CoppiceError) {
    let names = PathText.components(path)
    try checkRoom(at: names)
    put(node, at: names[...])
  }

  /// Returns the node at the text of a path, as listings print it.
  ///
  /// - Throws: `usage.tree-path` where there is none; the message names the nearest.
  public func node(at path: String) throws(CoppiceError) -> Tree {
    try descend(PathText.components(path), from: "").node
  }

  /// The leaf at the text of a path, as listings print it: `try tree[leaf: "params/w"]`.
  ///
  /// - Throws: `usage.tree-path` where there is no node, and the message names the nearest, or where
  ///   it is no leaf.
  public subscript(leaf path: String) -> Leaf {
    get throws(CoppiceError) {
      let node = try node(at: path)
      guard case .leaf(let leaf) = node else {
        throw CoppiceError(
          .usageTreePath, "this is \(node.kindWords), not an array", at: .init(treePath: path))
      }
      return leaf
    }
  }
}

extension Tree {
  /// Returns the node to which escaped components lead, with its path.
  ///
  /// - Parameter place: The text of the path to this node, for messages.
  /// - Throws: `usage.tree-path` where there is none.
  package func descend(
    _ names: some Sequence<String>, from place: String
  ) throws(CoppiceError) -> (path: TreePath, node: Tree) {
    var (path, node) = (TreePath(), self)
    for name in names {
      let children = node.children
      guard let index = node.childIndex(named: name) else {
        let place = [place, path.description].filter { !$0.isEmpty }.joined(separator: "/")
        throw .noChild(name, of: place, among: children.map(\.component.escaped))
      }
      path = path.appending(children[index].component)
      node = children[index].node
    }
    return (path, node)
  }

  /// Puts a node at a path and makes dictionaries on the way, of whatever can't take the next step.
  private mutating func put(_ node: Tree, at names: ArraySlice<String>) {
    guard let name = names.first else {
      self = node
      return
    }
    let rest = names.dropFirst()
    if let index = childIndex(named: name) {
      changeChild(at: index) { $0.put(node, at: rest) }
      return
    }
    var child = Tree.dict([])
    child.put(node, at: rest)
    if case .list(var nodes) = self, name == String(nodes.count) {
      self = .null
      nodes.append(child)
      self = .list(nodes)
      return
    }
    var entries = takeEntries()
    entries.append(Entry(TreeKey(escaped: name) ?? .string(name), child))
    self = .dict(entries)
  }

  /// Checks that a node can be put at a path without replacing another.
  private func checkRoom(at names: [String]) throws(CoppiceError) {
    var node = self
    for (depth, name) in names.enumerated() {
      if let index = node.childIndex(named: name) {
        node = node.child(at: index)
        continue
      }
      switch node {
      case .dict: return
      case .list(let nodes) where name == String(nodes.count): return
      case .list, .tuple, .record, .value, .leaf:
        let place = names[..<depth].joined(separator: "/")
        throw CoppiceError(
          .usageTreePath,
          "\(node.kindWords) takes no child \"\(name.printable)\"; set the node itself to another one, "
            + "or choose another path", at: .init(treePath: place))
      }
    }
  }

  /// Removes the node at a path, where there is one.
  private mutating func remove(at names: ArraySlice<String>) {
    guard let name = names.first else {
      self = .dict([])
      return
    }
    guard let index = childIndex(named: name) else { return }
    let rest = names.dropFirst()
    guard rest.isEmpty else {
      changeChild(at: index) { $0.remove(at: rest) }
      return
    }
    switch self {
    case .dict(var entries):
      self = .null
      entries.remove(at: index)
      self = .dict(entries)
    case .list(var nodes):
      self = .null
      nodes.remove(at: index)
      self = .list(nodes)
    case .tuple(var nodes):
      self = .null
      nodes.remove(at: index)
      self = .tuple(nodes)
    case .record(var record):
      self = .null
      record.fields.remove(at: index)
      self = .record(record)
    case .value, .leaf: break
    }
  }

  // A container is taken out of the tree while it is changed: held twice, it would be copied.

  private mutating func changeChild(at index: Int, _ change: (inout Tree) -> Void) {
    switch self {
    case .dict(var entries):
      self = .null
      change(&entries[index].node)
      self = .dict(entries)
    case .list(var nodes):
      self = .null
      change(&nodes[index])
      self = .list(nodes)
    case .tuple(var nodes):
      self = .null
      change(&nodes[index])
      self = .tuple(nodes)
    case .record(var record):
      self = .null
      change(&record.fields[index].node)
      self = .record(record)
    case .value, .leaf: break
    }
  }

  /// Takes the children out, as entries of a dictionary under which their paths are the same.
  private mutating func takeEntries() -> [Entry] {
    defer { self = .null }
    if case .dict(let entries) = self { return entries }
    return children.map { child in
      switch child.component {
      case .key(let key): Entry(key, child.node)
      case .index(let index): Entry(.string(String(index)), child.node)
      case .field(let name): Entry(.string(name), child.node)
      }
    }
  }

  private func child(at index: Int) -> Tree {
    switch self {
    case .dict(let entries): entries[index].node
    case .list(let nodes), .tuple(let nodes): nodes[index]
    case .record(let record): record.fields[index].node
    case .value, .leaf: self
    }
  }

  private var kindWords: String {
    switch self {
    case .dict: "a dictionary"
    case .list: "a list"
    case .tuple: "a tuple"
    case .record: "a record"
    case .value: "a value"
    case .leaf: "an array"
    }
  }
}

extension CoppiceError {
  /// Returns the error of a path that leads to nothing, with the name that was probably meant.
  package static func noChild(
    _ name: String, of place: String, among names: [String]
  ) -> CoppiceError {
    let near = NearMiss.hint(for: name, among: names)
    let some = names.prefix(8).map { "\"\($0.printable)\"" }.joined(separator: ", ")
    let list = names.isEmpty ? "nothing" : some + (names.count > 8 ? ", …" : "")
    let container = place.isEmpty ? "the tree" : "\"\(place.printable)\""
    return CoppiceError(
      .usageTreePath,
      "\(container) has no \"\(name.printable)\""
        + (near.isEmpty ? "; it holds \(list)" : near))
  }
}
