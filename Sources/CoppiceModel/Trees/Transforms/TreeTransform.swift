/// One step of model surgery: a tree in, another tree out.
///
/// Steps are values: a program makes a list of them and applies it to what a checkpoint holds, on
/// load, in a conversion, or by itself. They say explicitly what goes where; there are no patterns
/// that rewrite names. Arrays are not read: stacked, split and cast ones are read through when they
/// are needed.
///
/// Paths are given as listings print them, such as `params/layers_0`. Keys that a step makes are those
/// that the text says: `7` is a text key, `%#7` an integer.
public enum TreeTransform: Sendable {
  /// Moves a node to another path.
  case rename(from: String, to: String)
  /// Puts the whole tree below a path.
  case nest(under: String)
  /// Leaves out the nodes whose path matches a pattern.
  case drop([PathGlob])
  /// Leaves out all but the nodes whose path matches a pattern.
  case keep([PathGlob])
  /// Adds another tree; dictionaries join, and nothing is replaced.
  case merge(Tree<ArrayLeaf>)
  /// Makes one node of several along a new axis: arrays, or branches of the same structure.
  ///
  /// The nodes go; values that they hold must be equal.
  case stack([String], axis: Int = 0, into: String)
  /// Makes one node of several along an axis that their arrays have.
  case join([String], axis: Int = 0, into: String)
  /// Makes a node for each index along an axis, which goes: the way back of stacking.
  ///
  /// Where the node is a branch, each of its arrays is cut, and its values are repeated.
  case unstack(String, axis: Int = 0, into: Destination)
  /// Makes nodes of some extents along an axis, which stays: the way back of joining.
  case split(String, axis: Int = 0, extents: [Int], into: Destination)
  /// Casts the arrays whose path, or that of a container above, matches a pattern.
  case cast([PathGlob], to: DType, mode: CastMode = .rounding)

  /// Where the parts of a node go.
  public enum Destination: Hashable, Sendable {
    /// Each to a path of its own; there must be as many as parts.
    case paths([String])
    /// All into a list at one path.
    case list(String)
  }
}

extension TreeTransform {
  /// Applies the step.
  ///
  /// - Throws: `usage.tree-path` when a path or pattern fits nothing, or a new path is taken;
  ///   `usage.shape` when arrays don't go together; `cast.unsupported`. The location names the leaf.
  public func apply(to tree: Tree<ArrayLeaf>) throws(CoppiceError) -> Tree<ArrayLeaf> {
    switch self {
    case .rename(let old, let new): return try TreeRenaming(from: old, to: new).apply(to: tree)
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
      try Self.check(globs, tree)
      return try Self.cast(tree, globs, dtype, mode)
    }
  }

  /// Tells whether the step finds what it is about in a tree.
  public func applies(to tree: Tree<ArrayLeaf>) -> Bool {
    let has = { (path: String) in (try? NodePath(path)).flatMap { tree.node(at: $0) } != nil }
    switch self {
    case .nest, .merge: return true
    case .rename(let path, _), .unstack(let path, _, _), .split(let path, _, _, _): return has(path)
    case .stack(let paths, _, _), .join(let paths, _, _): return paths.contains(where: has)
    case .drop(let globs), .keep(let globs), .cast(let globs, _, _):
      return (try? Self.check(globs, tree)) != nil
    }
  }

  /// A choice that fits nothing is a slip of the pen.
  private static func check(
    _ globs: [PathGlob], _ tree: Tree<ArrayLeaf>
  ) throws(CoppiceError) {
    guard TreeSelection(globs).apply(to: tree) != nil else {
      let patterns = globs.map { "\"\($0.pattern.printable)\"" }.joined(separator: ", ")
      throw CoppiceError(.usageTreePath, "no path of the tree matches \(patterns)")
    }
  }

  private static func cast(
    _ tree: Tree<ArrayLeaf>, _ globs: [PathGlob], _ dtype: DType, _ mode: CastMode
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try tree.mapLeaves { (path, leaf) throws(CoppiceError) in
      let prefixes = (0...path.components.count).lazy.map {
        TreePath(Array(path.components[..<$0]))
      }
      guard prefixes.contains(where: { prefix in globs.contains { $0.matches(prefix) } }) else {
        return leaf
      }
      do throws(CoppiceError) {
        return try leaf.cast(to: dtype, mode: mode)
      } catch {
        throw error.located(treePath: path.description)
      }
    }
  }
}

extension Sequence<TreeTransform> {
  /// Applies the steps one after the other.
  ///
  /// - Throws: What the first step that fails throws.
  public func apply(to tree: Tree<ArrayLeaf>) throws(CoppiceError) -> Tree<ArrayLeaf> {
    var tree = tree
    for step in self { tree = try step.apply(to: tree) }
    return tree
  }
}
