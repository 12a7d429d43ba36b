import CoppiceModel

extension PickledTree {
  /// Returns the node of a container.
  mutating func node(
    container place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let container = pickle.containers[place]
    guard containersAround.insert(place).inserted else {
      let text = "a \(container.kind.word) that contains itself"
      return faulty(.init(kind: .value, text: text), at: path)
    }
    defer { containersAround.remove(place) }
    if container.kind == .dict {
      guard !oddDictionaries.contains(place),
        let node = try dictionary(container.items, at: path)
      else {
        oddDictionaries.insert(place)
        let text = "a dictionary with a key that is neither a text nor an integer"
        return faulty(.init(kind: .value, text: text), at: path)
      }
      if container.hasAttributes { warn("the attributes of a dictionary are left out", path) }
      if container.hasVersions {
        warn("the versions of modules in the _metadata of a dictionary are left out", path)
      }
      return node
    }
    let nodes = try nodes(container.items, at: path)
    if container.kind == .set { warn("a set is read as a list", path) }
    return container.kind == .tuple ? .tuple(nodes) : .list(nodes)
  }

  /// Returns the nodes of a sequence.
  mutating func nodes(
    _ items: [PickleValue], at path: TreePath
  ) throws(CoppiceError) -> [Tree<ArrayLeaf>] {
    var nodes: [Tree<ArrayLeaf>] = []
    nodes.reserveCapacity(min(items.count, budget))
    for (index, item) in items.enumerated() {
      nodes.append(try node(item, at: path.appending(.index(index))))
    }
    return nodes
  }

  /// Returns the node of a dictionary's items, each key followed by its value; `nil` when a tree can't
  /// have one of the keys.
  mutating func dictionary(
    _ items: [PickleValue], at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard let keys = try keys(items, at: path) else { return nil }
    // If a key occurs several times, the last value takes the first one's position.
    var places: [TreeKey: Int] = [:]
    var entries: [Tree<ArrayLeaf>.Entry] = []
    for (index, key) in keys.enumerated() {
      let node = try node(items[2 * index + 1], at: path.appending(.key(key)))
      if let place = places[key] {
        entries[place].node = node
      } else {
        places[key] = entries.count
        entries.append(.init(key, node))
      }
    }
    return .dict(entries)
  }

  /// Returns the keys of a dictionary's items; `nil` when a tree can't have one of them.
  private func keys(
    _ items: [PickleValue], at path: TreePath
  ) throws(CoppiceError) -> [TreeKey]? {
    var keys: [TreeKey] = []
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      guard let key = try key(items[index], at: path) else { return nil }
      keys.append(key)
    }
    return keys
  }

  private func key(_ value: PickleValue, at path: TreePath) throws(CoppiceError) -> TreeKey? {
    switch value {
    case .integer(let number): return .integer(number)
    case .string(let text):
      guard text.utf8.count <= pickle.limits.componentBytes else {
        throw CoppiceError(
          .pytorchLimit,
          "the key \"\(text.prefix(40).description.printable)…\" has \(text.utf8.count) bytes; at most "
            + "\(pickle.limits.componentBytes) are read, so rename it in torch",
          at: .init(treePath: path.description))
      }
      return .string(text)
    default: return nil
    }
  }
}
