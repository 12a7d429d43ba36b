import CoppiceModel

/// The shardings and random-number implementations of a checkpoint, which another save records
/// again.
struct RecordedMetadata {
  private let tree: Tree<ArrayMetadata>

  init(_ tree: Tree<ArrayMetadata>) { self.tree = tree }

  /// Returns checkpointables whose arrays have the recorded metadata of the same paths.
  ///
  /// - Throws: `usage.tree-path` if there are shardings, and none for an array of any tree.
  func record(in items: [NamedCheckpointable]) throws(CoppiceError) -> [NamedCheckpointable] {
    var count = 0
    let recorded = try items.mapTrees { (node) throws(CoppiceError) in
      record(in: node, tree, &count)
    }
    var (first, total): (TreePath?, Int) = (nil, 0)
    for (path, metadata) in tree.leaves where metadata.sharding != nil {
      first = first ?? path
      total += 1
    }
    guard let first, count == 0 else { return recorded }
    throw CoppiceError(
      .usageTreePath,
      "no array has the path of one of the \(total) whose sharding is to be recorded, such as this",
      at: .init(treePath: first.description))
  }

  private func record(
    in node: Tree<ArrayLeaf>, _ like: Tree<ArrayMetadata>, _ count: inout Int
  ) -> Tree<ArrayLeaf> {
    if case (.leaf(let leaf), .leaf(let metadata)) = (node, like) {
      return .leaf(record(in: leaf, metadata, &count))
    }
    let (own, others) = (node.children, like.children)
    guard !own.isEmpty, !others.isEmpty else { return node }
    let pairing = ChildPairing(own.map(\.component), with: others.map(\.component), .lenient)
    var nodes: [Tree<ArrayLeaf>?] = []
    for (child, partner) in zip(own, pairing.partners) {
      nodes.append(partner.map { record(in: child.node, others[$0].node, &count) } ?? child.node)
    }
    return node.rebuilt(nodes)
  }

  private func record(
    in leaf: ArrayLeaf, _ like: ArrayMetadata, _ count: inout Int
  ) -> ArrayLeaf {
    guard let own = try? leaf.metadata, let source = try? leaf.source,
      own.shape.rank == like.shape.rank
    else { return leaf }
    if like.sharding != nil { count += 1 }
    return ArrayLeaf(
      source, sharding: own.sharding ?? like.sharding,
      prngImplementation: own.prngImplementation
        ?? (own.dtype == like.dtype ? like.prngImplementation : nil))
  }
}
