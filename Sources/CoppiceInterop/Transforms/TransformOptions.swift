package import CoppiceModel

/// What happens to a checkpoint on its way: chosen parts, new names, other types.
package struct TransformOptions: Sendable {
  /// Patterns of which a path must match one; empty keeps everything.
  package var selection: [PathGlob] = []
  /// Moves, made one after the other.
  package var renamings: [TreeRenaming] = []
  /// The types that matching leaves are cast to; the first match counts.
  package var casts: [(glob: PathGlob, dtype: DType)] = []
  /// How values that the new type can't hold are treated.
  package var castMode = CastMode.rounding
  /// The only checkpointable that is kept; `nil` keeps all.
  package var name: String?

  package init() {}

  /// Applies the choices to a checkpoint.
  ///
  /// - Throws: `usage.*` for a name, path or pattern that fits nothing; `cast.unsupported`.
  package func apply(to contents: CheckpointContents) throws(CoppiceError) -> CheckpointContents {
    var contents = contents
    if let name { contents.root = try Self.only(name, of: contents.root) }
    var matched = false
    switch contents.root {
    case .unnamed(let item):
      contents.root = .unnamed(try transform(item, &matched) ?? .tree(.dict([])))
    case .named(let items):
      var kept: [NamedCheckpointable] = []
      for item in items {
        if let value = try transform(item.value, &matched) { kept.append(.init(item.name, value)) }
      }
      contents.root = .named(kept)
    }
    guard selection.isEmpty || matched else {
      let patterns = selection.map { "\"\($0.pattern)\"" }.joined(separator: ", ")
      throw CoppiceError(.usageTreePath, "no path of the checkpoint matches \(patterns)")
    }
    return contents
  }

  private static func only(
    _ name: String, of root: CheckpointContents.Root
  ) throws(CoppiceError) -> CheckpointContents.Root {
    guard case .named(let items) = root else {
      throw CoppiceError(
        .usageNoSuchPart, "the checkpoint is one part without a name; leave --name out")
    }
    guard let item = items.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      throw CoppiceError(
        .usageNoSuchPart,
        "the checkpoint has no part \"\(name)\"; it has \(Self.list(items))")
    }
    return .named([item])
  }

  /// Names in words, for messages.
  package static func list(_ items: [NamedCheckpointable]) -> String {
    items.isEmpty ? "none" : items.map { "\"\($0.name)\"" }.joined(separator: ", ")
  }

  private func transform(
    _ item: Checkpointable, _ matched: inout Bool
  ) throws(CoppiceError) -> Checkpointable? {
    switch item {
    case .tree(var tree):
      if !selection.isEmpty {
        guard let selected = TreeSelection(selection).apply(to: tree) else { return nil }
        matched = true
        tree = selected
      }
      for renaming in renamings { tree = try renaming.apply(to: tree) }
      return .tree(casts.isEmpty ? tree : try cast(tree))
    case .composite(let items):
      var kept: [NamedCheckpointable] = []
      for item in items {
        if let value = try transform(item.value, &matched) { kept.append(.init(item.name, value)) }
      }
      return kept.isEmpty && !items.isEmpty ? nil : .composite(kept)
    case .json, .files:
      // Patterns speak of trees; what is chosen from them stands alone.
      return selection.isEmpty ? item : nil
    }
  }

  private func cast(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try tree.mapLeaves { (path, leaf) throws(CoppiceError) in
      guard let dtype = casts.first(where: { $0.glob.matches(path) })?.dtype,
        dtype != leaf.metadata.dtype
      else { return leaf }
      do throws(CoppiceError) {
        var cast = leaf
        cast.source = try CastingSource(leaf.source, to: dtype, mode: castMode)
        cast.metadata.dtype = dtype
        return cast
      } catch {
        throw error.located(treePath: path.description)
      }
    }
  }
}
