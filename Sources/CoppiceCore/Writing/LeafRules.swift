import CoppiceModel

/// The storage of leaves by pattern, with the patterns parsed.
struct LeafRules: Sendable {
  private let rules: [(glob: PathGlob, storage: LeafStorage)]

  /// - Throws: The error of a pattern that is none.
  init(_ leaves: NamedValues<LeafStorage>) throws(CoppiceError) {
    rules = try leaves.map { (pattern, storage) throws(CoppiceError) in
      (try PathGlob(pattern), storage)
    }
  }

  /// The storage of the leaf at a path.
  subscript(path: TreePath) -> LeafStorage { merged(matching(path)) }

  /// Returns what rules say together; a later one overrides those before it.
  private func merged(_ matching: [Int]) -> LeafStorage {
    var merged = LeafStorage()
    for index in matching {
      let storage = rules[index].storage
      if storage.dtype != nil {
        (merged.dtype, merged.castMode) = (storage.dtype, storage.castMode)
      }
      merged.compression = storage.compression ?? merged.compression
      merged.shards = storage.shards ?? merged.shards
    }
    return merged
  }

  /// Returns the rules whose pattern matches the path of a leaf or of a container above it.
  private func matching(_ path: TreePath) -> [Int] {
    let prefixes = (0...path.components.count).map { TreePath(Array(path.components[..<$0])) }
    return rules.indices.filter { index in
      prefixes.contains { rules[index].glob.matches($0) }
    }
  }

  /// Returns checkpointables with the elements of their arrays cast on reading.
  ///
  /// - Throws: `usage.tree-path` for a pattern that matches no array; `cast.unsupported`.
  func cast(_ items: [NamedCheckpointable]) throws(CoppiceError) -> [NamedCheckpointable] {
    var unmatched = Set(rules.indices)
    let cast = try items.mapTrees { (tree) throws(CoppiceError) in
      try tree.mapLeaves { (path, leaf) throws(CoppiceError) in
        let matching = matching(path)
        unmatched.subtract(matching)
        let storage = merged(matching)
        guard let dtype = storage.dtype else { return leaf }
        do throws(CoppiceError) {
          return try leaf.cast(to: dtype, mode: storage.castMode)
        } catch {
          throw error.located(treePath: path.description)
        }
      }
    }
    if let first = unmatched.min() {
      throw CoppiceError(
        .usageTreePath,
        "no array has a path that matches \"\(rules[first].glob.pattern.printable)\"")
    }
    return cast
  }
}

extension [NamedCheckpointable] {
  /// Returns the same checkpointables with their trees changed, those in composites as well.
  ///
  /// - Throws: The fault of a checkpointable; the errors of the closure.
  func mapTrees(
    _ change: (Tree<ArrayLeaf>) throws(CoppiceError) -> Tree<ArrayLeaf>
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    try map { (item) throws(CoppiceError) in
      switch try item.value {
      case .tree(let tree): NamedCheckpointable(item.name, .tree(try change(tree)))
      case .composite(let items):
        NamedCheckpointable(item.name, .composite(try items.mapTrees(change)))
      case .json, .files: item
      }
    }
  }
}
