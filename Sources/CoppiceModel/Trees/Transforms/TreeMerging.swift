/// The merging of two trees: dictionaries are joined, and no node is replaced.
enum TreeMerging {
  static func merge<Leaf>(
    _ tree: Tree<Leaf>, _ other: Tree<Leaf>, at path: TreePath
  ) throws(CoppiceError) -> Tree<Leaf> {
    guard case .dict(var entries) = tree, case .dict(let others) = other else {
      throw CoppiceError(
        .usageTreePath, "both trees have a node here, and only dictionaries are merged",
        at: .init(treePath: path.description))
    }
    let places = Dictionary(
      zip(entries.map(\.key), entries.indices), uniquingKeysWith: { first, _ in first })
    for entry in others {
      if let place = places[entry.key] {
        entries[place].node = try merge(
          entries[place].node, entry.node, at: path.appending(.key(entry.key)))
      } else {
        entries.append(entry)
      }
    }
    return .dict(entries)
  }
}
