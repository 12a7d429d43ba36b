/// A division of one node into several, which divides each of its arrays along an axis.
struct Splitting {
  let axis: Int
  /// The extents of the results along the axis; `nil` for one index each, without the axis.
  let extents: [Int]?

  func apply(
    to tree: Tree<ArrayLeaf>, _ path: String, into destination: TreeTransform.Destination
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let old = try NodePath(path)
    guard let found = tree.node(at: old) else {
      throw CoppiceError(
        .usageTreePath, "there is no such node to split", at: .init(treePath: path))
    }
    let parts = try parts(of: found.node, at: found.path)
    var rest = tree.pruned { $0 == found.path } ?? .dict([])
    switch destination {
    case .list(let path): try rest.insert(.list(parts), at: try NodePath(path))
    case .paths(let paths):
      guard paths.count == parts.count else {
        throw CoppiceError(
          .usageTreePath,
          "the node has \(parts.count) parts along axis \(axis), but \(paths.count) paths are given",
          at: .init(treePath: path))
      }
      for (part, path) in zip(parts, paths) { try rest.insert(part, at: try NodePath(path)) }
    }
    return rest
  }

  private func parts(
    of node: Tree<ArrayLeaf>, at path: TreePath
  ) throws(CoppiceError) -> [Tree<ArrayLeaf>] {
    var count: Int?
    let cut = try node.mapLeaves { (rest, leaf) throws(CoppiceError) -> [ArrayLeaf] in
      let place = TreePath(path.components + rest.components).description
      do throws(CoppiceError) {
        let sources = try sources(of: try leaf.source)
        guard count == nil || count == sources.count else {
          throw CoppiceError(
            .usageShape,
            "the array has \(sources.count) elements along axis \(axis), but others of the branch "
              + "have \(count ?? 0)")
        }
        count = sources.count
        let implementation = try leaf.metadata.prngImplementation
        return sources.map { ArrayLeaf($0, prngImplementation: implementation) }
      } catch {
        throw error.located(treePath: place)
      }
    }
    guard let count, count > 0 else {
      throw CoppiceError(
        .usageTreePath, "there is nothing to split: no array with elements along axis \(axis)",
        at: .init(treePath: path.description))
    }
    return (0..<count).map { index in cut.mapLeaves { _, leaves in leaves[index] } }
  }

  private func sources(of source: any ArraySource) throws(CoppiceError) -> [any ArraySource] {
    guard let extents else { return try source.unstacked(axis: axis) }
    return try source.split(axis: axis, extents: extents)
  }
}
