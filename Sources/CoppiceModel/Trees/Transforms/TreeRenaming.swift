/// A move of one node of a tree to another path, or of all nodes that match a pattern.
///
/// Paths have the spelling of listings: escaped components joined by `/`. Missing containers above
/// the new path are made, as dictionaries.
///
/// In the new path of a pattern, `{1}` stands for what the first wildcard matched, `{2}` for what the
/// second did: `encoder/layers/*/attn/**` becomes `blocks/{1}/attention/{2}`, and `module.*` becomes
/// `{1}`. A wildcard is `*`, `?`, a set in brackets, alternatives in braces, or `**`, which is the only one
/// that stands for whole components, possibly none. From left to right, each takes as little as it can.
public struct TreeRenaming: Hashable, Sendable {
  enum Old: Hashable, Sendable {
    case path(NodePath)
    case pattern(PathGlob)
  }

  let old: Old
  let new: PathTemplate

  /// Makes a renaming from two paths in the spelling of listings.
  ///
  /// - Throws: `usage.tree-path` when one is empty.
  public init(from old: String, to new: String) throws(CoppiceError) {
    do {
      self.old = .path(try NodePath(old))
      self.new = PathTemplate(try NodePath(new))
    } catch {
      throw CoppiceError(
        .usageTreePath, "a renaming is OLD=NEW with two paths as \"ls\" prints them")
    }
  }

  /// Makes a renaming of all nodes whose path matches a pattern.
  ///
  /// A pattern that ends in `**` moves what lies below one by one, so that several can fill one
  /// dictionary. Any other pattern moves the node that it matches with everything below. Dictionaries
  /// that lose all their children are dropped.
  ///
  /// - Throws: `usage.glob` for a malformed pattern, and for a new path with the number of a
  ///   wildcard that the pattern hasn't; `usage.tree-path` for the pattern of the root.
  public init(matching old: PathGlob, to new: String) throws(CoppiceError) {
    guard !old.pattern.isEmpty else {
      throw CoppiceError(.usageTreePath, "the root can't be renamed; nest it under a path instead")
    }
    self.old = .pattern(old)
    self.new = try PathTemplate(new, wildcards: old.wildcards)
  }

  /// Makes a renaming from the text of a rule, whose old path may be a pattern.
  ///
  /// It is one where it has `*`, `?`, `[` or `{`. Before such a character of a name, write a backslash.
  ///
  /// - Throws: As the other initializers.
  public init(rule old: String, to new: String) throws(CoppiceError) {
    if old.contains(where: { "*?[{".contains($0) }) {
      try self.init(matching: try PathGlob(old), to: new)
    } else {
      try self.init(from: old, to: new)
    }
  }

  /// The path of the node to move, or the pattern, as given.
  public var oldPath: String {
    switch old {
    case .path(let path): path.description
    case .pattern(let glob): glob.pattern
    }
  }

  /// Whether the old path is a pattern.
  public var isPattern: Bool {
    if case .pattern = old { return true }
    return false
  }

  /// Returns whether a tree has such a node.
  public func applies<Leaf>(to tree: Tree<Leaf>) -> Bool {
    switch old {
    case .path(let path): return tree.node(at: path) != nil
    case .pattern: return TreeRenamer<Leaf>([self]).finds(in: tree)
    }
  }

  /// Returns the tree with the node moved, or with all nodes that match.
  ///
  /// - Throws: `usage.tree-path` when there is no such node, when there is one at the new
  ///   path, when two would have the same new path, or when an element of a sequence is moved without the
  ///   others.
  public func apply<Leaf>(to tree: Tree<Leaf>) throws(CoppiceError) -> Tree<Leaf> {
    try [self].apply(to: tree)
  }
}

extension [TreeRenaming] {
  /// Returns the tree with the nodes of all renamings moved at once, so that two can swap their names.
  ///
  /// The old paths are those of the tree as it is. Of several renamings that match a node, the first counts; a node
  /// that moves takes along what is below it.
  ///
  /// - Throws: `usage.tree-path`, as for one renaming.
  public func apply<Leaf>(to tree: Tree<Leaf>) throws(CoppiceError) -> Tree<Leaf> {
    var renamer = TreeRenamer<Leaf>(self)
    return try renamer.rename(tree)
  }
}
