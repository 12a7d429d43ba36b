import CoppiceModel

/// The arrays that one rank of a group loads: the requested boxes of each leaf.
struct GroupLoadPlan: Sendable {
  /// A leaf of the result.
  private struct Leaf {
    /// `nil` where everything is requested.
    let boxes: [ArrayBox]?
    let sharding: Sharding?
  }

  private let tree: Tree<PlannedLeaf>
  private var leaves: [Leaf] = []
  /// The boxes to load, or the whole, of each leaf in order.
  private(set) var parts: [PlannedLeaf] = []
  /// The path of the leaf of each part.
  private(set) var paths: [TreePath] = []
  /// The parts that are requested as everything of an array.
  private(set) var whole: [Int] = []

  /// Matches a request with a saved tree; reads nothing.
  ///
  /// - Throws: `usage.*`, `structure.mismatch`, and the faults of leaves, as a load by one process.
  init(
    _ saved: Tree<ArrayLeaf>, as request: Tree<GlobalRequest>, _ options: TreeLoadOptions
  ) throws(CoppiceError) {
    tree = try TreeLoader.plan(saved, as: request.mapLeaves { $1.whole }, options)
    let requests = Dictionary(
      request.leaves.map { ($0.path, $0.leaf) }, uniquingKeysWith: { first, _ in first })
    var report = StructureReport()
    for (path, leaf) in tree.leaves {
      do throws(CoppiceError) {
        // A path below a requested one is of a branch, which is requested with everything in it.
        try add(leaf, at: path, requests[path], &report)
      } catch {
        throw error.located(treePath: path.description)
      }
    }
    guard report.mismatched.isEmpty else { throw report.error }
  }

  private mutating func add(
    _ leaf: PlannedLeaf, at path: TreePath, _ request: GlobalRequest?,
    _ report: inout StructureReport
  ) throws(CoppiceError) {
    let shape = leaf.source.shape
    let boxes = try request?.boxes(of: shape)
    if boxes == nil { whole.append(parts.count) }
    for box in boxes ?? [ArrayBox(whole: shape)] {
      guard box.isContained(in: shape) else {
        let message = "the box \(box) doesn't lie inside the shape \(shape)"
        report.mismatched.append(.init(path: path, reason: .box, message: message))
        continue
      }
      var part = leaf
      part.source = try leaf.source.source(of: box)
      parts.append(part)
      paths.append(path)
    }
    var sharding = leaf.saved?.metadata?.sharding
    if case .devices(_, let given, _) = request { sharding = given }
    leaves.append(Leaf(boxes: boxes, sharding: sharding))
  }

  /// Loads some of the parts, in their order.
  ///
  /// - Throws: As loading by one process.
  func load(_ indices: [Int], _ monitor: OperationMonitor) throws(CoppiceError) -> [NDArray] {
    try TreeLoader.load(indices.map { parts[$0] }, monitor) { paths[indices[$0]] }
  }

  /// Reads the first of some parts, or the beginning of one that is large, and forgets what was read.
  ///
  /// - Returns: The number of bytes.
  /// - Throws: As loading by one process.
  func readSample(
    of indices: [Int], ofAtMost limit: Int, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> Int {
    var sizes = indices.map { parts[$0].byteCount }[...]
    var count = 0
    while let size = sizes.first, count + size <= limit {
      count += size
      sizes = sizes.dropFirst()
    }
    if count > 0 {
      _ = try load(Array(indices.prefix(indices.count - sizes.count)), monitor)
      return count
    }
    guard let first = indices.first else { return 0 }
    var sample = parts[first]
    let slabs = ContiguousSlabs(
      of: sample.source.shape, width: sample.source.dtype.width, limit: limit)
    guard let slab = slabs.first(where: { _ in true }) else { return 0 }
    sample.source = try BoxSource(sample.source, box: slab)
    _ = try TreeLoader.load([sample], monitor) { _ in paths[first] }
    return sample.byteCount
  }

  /// Returns the result, of the arrays of all parts.
  func result(_ arrays: [NDArray]) throws(CoppiceError) -> Tree<GlobalArray> {
    var rest = arrays[...]
    var ordinal = 0
    var nodes: [Tree<GlobalArray>] = []
    for (leaf, (_, planned)) in zip(leaves, tree.leaves) {
      guard let boxes = leaf.boxes else {
        guard let array = rest.popFirst() else { break }
        nodes.append(
          planned.value.map { .value(ScalarArray.value(of: array, $0)) }
            ?? .leaf(GlobalArray(array, sharding: leaf.sharding)))
        continue
      }
      let held = zip(boxes, rest).map { GlobalArray.HeldBox($0, $1) }
      rest = rest.dropFirst(held.count)
      nodes.append(
        .leaf(
          try GlobalArray(
            dtype: planned.source.dtype, shape: planned.source.shape, boxes: held,
            sharding: leaf.sharding)))
    }
    return tree.replacingLeaves { _ in
      defer { ordinal += 1 }
      return nodes[ordinal]
    }
  }
}
