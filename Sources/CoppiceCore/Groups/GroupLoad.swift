import CoppiceModel

/// The load of one rank of a group: its boxes of each array.
struct GroupLoad {
  let tree: Tree<ArrayLeaf>
  let options: TreeLoadOptions
  let monitor: OperationMonitor

  /// Loads the boxes that a tree of requests asks for.
  func run(_ request: Tree<GlobalRequest>) throws(CoppiceError) -> Tree<GlobalArray> {
    var saved: [TreePath: ArrayMetadata] = [:]
    for leaf in tree.leaves { saved[leaf.path] = try leaf.leaf.metadata }
    var requests: [[(box: ArrayBox, leaf: AbstractLeaf)]] = []
    var known: [ArrayMetadata?] = []
    for leaf in request.leaves {
      let metadata = saved[leaf.path]
      known.append(metadata)
      // A path that isn't saved: the first pass reports it with all other differences.
      requests.append(try leaf.leaf.leaves(of: metadata?.shape ?? .scalar))
    }
    // A pass loads one box of each array; most ranks have one or a few.
    let passes = max(requests.map(\.count).max() ?? 0, 1)
    var found = requests.map { _ in [GlobalArray.HeldBox]() }
    var last: Tree<NDArray> = .value(.null)
    for pass in 0..<passes {
      var ordinal = -1
      let abstract = request.replacingLeaves { _ -> Tree<AbstractLeaf> in
        ordinal += 1
        return .leaf(pass < requests[ordinal].count ? requests[ordinal][pass].leaf : .placeholder)
      }
      let loaded = try TreeLoader.load(tree, as: abstract, options: options, monitor: monitor)
      if pass == 0 { last = loaded }
      let wanted = requests.indices.filter { pass < requests[$0].count }
      for (ordinal, leaf) in zip(wanted, loaded.leaves) {
        let box = requests[ordinal][pass].box
        let whole = ArrayBox(whole: leaf.leaf.shape)
        found[ordinal].append(.init(known[ordinal] == nil ? whole : box, leaf.leaf))
      }
    }
    return try assemble(request, last, requests, found, known)
  }

  /// Returns the loaded tree with the boxes at its leaves.
  private func assemble(
    _ request: Tree<GlobalRequest>, _ first: Tree<NDArray>,
    _ requests: [[(box: ArrayBox, leaf: AbstractLeaf)]], _ found: [[GlobalArray.HeldBox]],
    _ known: [ArrayMetadata?]
  ) throws(CoppiceError) -> Tree<GlobalArray> {
    var ordinal = -1
    return try request.mapLeaves { (path, leaf) throws(CoppiceError) -> GlobalArray in
      ordinal += 1
      if case .everything = leaf, let held = found[ordinal].first {
        return GlobalArray(held.array, sharding: known[ordinal]?.sharding)
      }
      var sharding = known[ordinal]?.sharding
      if case .devices(_, let wanted, _) = leaf { sharding = wanted }
      let metadata = known[ordinal]
      return try GlobalArray(
        dtype: found[ordinal].first?.array.dtype ?? metadata?.dtype ?? .uint8,
        shape: metadata?.shape ?? .scalar, boxes: found[ordinal], sharding: sharding)
    }
  }
}
