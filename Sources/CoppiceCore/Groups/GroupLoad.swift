import CoppiceModel

/// The load of one rank of a group: its boxes of each array.
struct GroupLoad {
  let tree: Tree<ArrayLeaf>
  let options: TreeLoadOptions
  let monitor: OperationMonitor

  /// The request for one leaf, with the metadata of the array there.
  private struct Asked {
    let request: GlobalRequest
    let leaves: [(box: ArrayBox, leaf: AbstractLeaf)]
    let saved: ArrayMetadata?
    var found: [GlobalArray.HeldBox] = []
  }

  /// Loads the boxes that a tree of requests asks for.
  func run(_ request: Tree<GlobalRequest>) throws(CoppiceError) -> Tree<GlobalArray> {
    var saved: [TreePath: ArrayMetadata] = [:]
    for leaf in tree.leaves { saved[leaf.path] = try leaf.leaf.metadata }
    var asked: [TreePath: Asked] = [:]
    var order: [TreePath] = []
    for leaf in request.leaves {
      let metadata = saved[leaf.path]
      // A path that isn't saved: the first pass reports it with all other differences.
      let leaves = try leaf.leaf.leaves(of: metadata?.shape ?? .scalar)
      asked[leaf.path] = Asked(request: leaf.leaf, leaves: leaves, saved: metadata)
      order.append(leaf.path)
    }
    // A pass loads one box of each array; most ranks have one or a few.
    let passes = max(asked.values.map(\.leaves.count).max() ?? 0, 1)
    var first: Tree<NDArray> = .value(.null)
    for pass in 0..<passes {
      var ordinal = -1
      let abstract = request.replacingLeaves { _ -> Tree<AbstractLeaf> in
        ordinal += 1
        guard let leaves = asked[order[ordinal]]?.leaves, pass < leaves.count else {
          return .leaf(.placeholder)
        }
        return .leaf(leaves[pass].leaf)
      }
      let loaded = try TreeLoader.load(tree, as: abstract, options: options, monitor: monitor)
      if pass == 0 { first = loaded }
      for (path, array) in loaded.leaves {
        guard let wanted = asked[path], pass < wanted.leaves.count else { continue }
        // A number that is saved as a value has no boxes.
        let box = wanted.saved == nil ? ArrayBox(whole: array.shape) : wanted.leaves[pass].box
        asked[path]?.found.append(.init(box, array))
      }
    }
    return try assemble(first, at: TreePath(), asked, saved)
  }

  /// Returns what the first pass loaded, with all boxes at its leaves.
  ///
  /// The saved tree decides the structure: a request for everything may have met a value, or a branch.
  private func assemble(
    _ node: Tree<NDArray>, at path: TreePath, _ asked: [TreePath: Asked],
    _ saved: [TreePath: ArrayMetadata]
  ) throws(CoppiceError) -> Tree<GlobalArray> {
    switch node {
    case .value(let value):
      // A rank that has no box of an array asked for none.
      guard let wanted = asked[path], wanted.leaves.isEmpty else { return .value(value) }
      return .leaf(try boxes(wanted))
    case .leaf(let array):
      guard let wanted = asked[path] else {
        return .leaf(GlobalArray(array, sharding: saved[path]?.sharding))
      }
      if case .everything = wanted.request {
        return .leaf(GlobalArray(array, sharding: saved[path]?.sharding))
      }
      return .leaf(try boxes(wanted))
    default:
      var nodes: [Tree<GlobalArray>?] = []
      for child in node.children {
        let below = path.appending(child.component)
        nodes.append(try assemble(child.node, at: below, asked, saved))
      }
      return node.rebuilt(nodes)
    }
  }

  private func boxes(_ wanted: Asked) throws(CoppiceError) -> GlobalArray {
    var sharding = wanted.saved?.sharding
    if case .devices(_, let given, _) = wanted.request { sharding = given }
    return try GlobalArray(
      dtype: wanted.found.first?.array.dtype ?? wanted.saved?.dtype ?? .uint8,
      shape: wanted.saved?.shape ?? .scalar, boxes: wanted.found, sharding: sharding)
  }
}
