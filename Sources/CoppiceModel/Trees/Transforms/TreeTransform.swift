/// A change of a tree, which returns another tree.
///
/// Changes are values: a program makes a list of them and applies it to a checkpoint's tree on
/// load, in a conversion, or directly. Arrays are not read: stacked, split, transposed, reshaped and
/// cast arrays are views that read on demand.
///
/// Paths have the spelling of listings, such as `params/layers_0`. New keys are made from this
/// text: `7` is a string key, `%#7` an integer key.
public enum TreeTransform: Sendable {
  /// Moves a node to another path.
  case rename(from: String, to: String)
  /// Moves nodes to other paths, all at once, so that two can swap their names.
  case renameAll([TreeRenaming])
  /// Moves the whole tree below a path.
  case nest(under: String)
  /// Splits the keys of dictionaries at a separator, so that `a.b.c` becomes three levels.
  ///
  /// Numbers stay text, as keys of dictionaries; with `makesLists`, levels whose keys are 0, 1, 2, …
  /// without a gap become lists. Dictionaries that come to one path are joined. The patterns select the
  /// nodes to change, with all below; without any, it is the whole tree. Integer keys and the fields of
  /// records stay.
  case nestKeys(separator: String, makesLists: Bool = false, in: [PathGlob] = [])
  /// Makes one dictionary of containers in containers, with keys such as `a.b.c`: the inverse of nesting keys.
  ///
  /// Indices of lists and tuples, integer keys and fields become text; empty containers stay. The patterns
  /// select the nodes to change; without any, it is the whole tree.
  case flattenKeys(separator: String, in: [PathGlob] = [])
  /// Drops the nodes whose path matches a pattern.
  case drop([PathGlob])
  /// Drops all nodes except those whose path matches a pattern.
  case keep([PathGlob])
  /// Adds another tree; dictionaries are joined, and no node is replaced.
  case merge(Tree<ArrayLeaf>)
  /// Combines several nodes into one along a new axis: arrays, or branches of equal structure.
  ///
  /// The nodes are removed; their values must be equal.
  case stack([String], axis: Int = 0, into: String)
  /// Combines several nodes into one along an existing axis of their arrays.
  case join([String], axis: Int = 0, into: String)
  /// Divides a node into one per index along an axis, which is removed: the inverse of stacking.
  ///
  /// In a branch, each array is divided, and values are repeated.
  case unstack(String, axis: Int = 0, into: Destination)
  /// Divides a node into the given extents along an axis, which stays: the inverse of joining.
  case split(String, axis: Int = 0, extents: [Int], into: Destination)
  /// Casts the arrays whose path, or a container's path above them, matches a pattern.
  case cast([PathGlob], to: DType, mode: CastMode = .rounding)
  /// Puts the axes of matching arrays into another order; without one, reverses them.
  ///
  /// The first number is the axis that becomes the first. Random keys are refused.
  case transpose([PathGlob], axes: [Int]? = nil)
  /// Gives matching arrays another shape with as many elements, in C order.
  ///
  /// One extent may be −1: it follows from the others. The arrays lose their sharding; random keys are refused.
  case reshape([PathGlob], to: [Int])

  /// The target of the nodes that a change makes.
  public enum Destination: Hashable, Sendable {
    /// A path for each node; the numbers must agree.
    case paths([String])
    /// A list of all nodes at one path.
    case list(String)
  }
}

extension TreeTransform {
  /// Applies the change.
  ///
  /// - Throws: `usage.tree-path` when a path or pattern matches nothing, or a new path is taken;
  ///   `usage.shape` when the shapes of arrays don't match; `cast.unsupported`. The location names
  ///   the leaf.
  public func apply(to tree: Tree<ArrayLeaf>) throws(CoppiceError) -> Tree<ArrayLeaf> {
    switch self {
    case .rename(let old, let new): return try TreeRenaming(from: old, to: new).apply(to: tree)
    case .renameAll(let renamings): return try renamings.apply(to: tree)
    case .nestKeys(let separator, let makesLists, let globs):
      if !globs.isEmpty { try Self.check(globs, tree) }
      return try KeySplitting(separator, in: globs).nest(tree, makesLists: makesLists)
    case .flattenKeys(let separator, let globs):
      if !globs.isEmpty { try Self.check(globs, tree) }
      return try KeySplitting(separator, in: globs).flatten(tree)
    case .nest(let path):
      var nested = Tree<ArrayLeaf>.dict([])
      try nested.insert(tree, at: try NodePath(path))
      return nested
    case .drop(let globs):
      try Self.check(globs, tree)
      return tree.pruned { path in globs.contains { $0.matches(path) } } ?? .dict([])
    case .keep(let globs):
      try Self.check(globs, tree)
      return TreeSelection(globs).apply(to: tree) ?? .dict([])
    case .merge(let other): return try TreeMerging.merge(tree, other, at: TreePath())
    case .stack(let paths, let axis, let new):
      return try Stacking(axis: axis, isNewAxis: true).apply(to: tree, paths, into: new)
    case .join(let paths, let axis, let new):
      return try Stacking(axis: axis, isNewAxis: false).apply(to: tree, paths, into: new)
    case .unstack(let path, let axis, let destination):
      return try Splitting(axis: axis, extents: nil).apply(to: tree, path, into: destination)
    case .split(let path, let axis, let extents, let destination):
      return try Splitting(axis: axis, extents: extents).apply(to: tree, path, into: destination)
    case .cast(let globs, let dtype, let mode):
      return try Self.change(tree, globs) { (leaf) throws(CoppiceError) in
        try leaf.cast(to: dtype, mode: mode)
      }
    case .transpose(let globs, let axes):
      return try Self.change(tree, globs) { (leaf) throws(CoppiceError) in
        try leaf.transposed(axes: axes)
      }
    case .reshape(let globs, let extents):
      return try Self.change(tree, globs) { (leaf) throws(CoppiceError) in
        try leaf.reshaped(to: extents)
      }
    }
  }

  /// Returns whether the change matches a node of a tree.
  public func applies(to tree: Tree<ArrayLeaf>) -> Bool {
    let has = { (path: String) in (try? NodePath(path)).flatMap { tree.node(at: $0) } != nil }
    switch self {
    case .nest, .merge: return true
    case .renameAll(let renamings): return renamings.contains { $0.applies(to: tree) }
    case .rename(let path, _), .unstack(let path, _, _), .split(let path, _, _, _): return has(path)
    case .stack(let paths, _, _), .join(let paths, _, _): return paths.contains(where: has)
    case .nestKeys(_, _, let globs), .flattenKeys(_, let globs):
      return globs.isEmpty || (try? Self.check(globs, tree)) != nil
    case .drop(let globs), .keep(let globs), .cast(let globs, _, _), .transpose(let globs, _),
      .reshape(let globs, _):
      return (try? Self.check(globs, tree)) != nil
    }
  }

  /// The patterns that say which nodes the change concerns; empty for a change of nodes that are named.
  package var globs: [PathGlob] {
    switch self {
    case .drop(let globs), .keep(let globs), .cast(let globs, _, _), .transpose(let globs, _),
      .reshape(let globs, _), .nestKeys(_, _, let globs), .flattenKeys(_, let globs):
      globs
    default: []
    }
  }

  /// Refuses a pattern that matches nothing, which is probably a mistake.
  private static func check(
    _ globs: [PathGlob], _ tree: Tree<ArrayLeaf>
  ) throws(CoppiceError) {
    guard TreeSelection(globs).apply(to: tree) != nil else {
      let patterns = globs.map { "\"\($0.pattern.printable)\"" }.joined(separator: ", ")
      let hint = globs.count == 1 ? tree.hint(for: globs[0].pattern) : ""
      throw CoppiceError(.usageTreePath, "no path of the tree matches \(patterns)" + hint)
    }
  }

  /// Changes the leaves whose path, or a container's path above them, matches a pattern.
  private static func change(
    _ tree: Tree<ArrayLeaf>, _ globs: [PathGlob],
    _ body: (ArrayLeaf) throws(CoppiceError) -> ArrayLeaf
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try check(globs, tree)
    return try tree.mapLeaves { (path, leaf) throws(CoppiceError) in
      let prefixes = (0...path.components.count).lazy.map {
        TreePath(Array(path.components[..<$0]))
      }
      guard prefixes.contains(where: { prefix in globs.contains { $0.matches(prefix) } }) else {
        return leaf
      }
      do throws(CoppiceError) {
        return try body(leaf)
      } catch {
        throw error.located(treePath: path.description)
      }
    }
  }
}

extension Sequence<TreeTransform> {
  /// Applies the changes in order.
  ///
  /// - Throws: The error of the first change that fails.
  public func apply(to tree: Tree<ArrayLeaf>) throws(CoppiceError) -> Tree<ArrayLeaf> {
    var tree = tree
    for step in self { tree = try step.apply(to: tree) }
    return tree
  }
}
