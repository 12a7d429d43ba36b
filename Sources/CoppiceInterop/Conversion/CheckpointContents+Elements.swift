import CoppiceModel

extension CheckpointContents {
  /// The contents with every bool byte other than 0 read as true.
  var normalizingBools: CheckpointContents {
    replacingSources(of: { $0 == .bool }) { NormalizedBoolSource($0) ?? $0 }
  }

  /// The contents with elements checked on reading, for dtypes in which some bits have no meaning.
  var checkingElements: CheckpointContents {
    replacingSources(of: { $0.significantBits < 8 }) { CheckedSource($0) }
  }

  private func replacingSources(
    of isMeant: @escaping @Sendable (DType) -> Bool,
    _ replace: @escaping @Sendable (any ArraySource) -> any ArraySource
  ) -> CheckpointContents {
    var contents = self
    switch root {
    case .unnamed(let item): contents.root = .unnamed(item.replacingSources(of: isMeant, replace))
    case .named(let items):
      contents.root = .named(items.map { $0.replacingSources(of: isMeant, replace) })
    }
    return contents
  }
}

extension ConversionOptions {
  /// The options with bools normalised in trees that the conversion merges.
  var normalizingMerged: ConversionOptions {
    var options = self
    options.transform.steps = transform.steps.map { step in
      guard case .merge(let tree) = step else { return step }
      return .merge(
        tree.replacingSources(of: { $0 == .bool }) { NormalizedBoolSource($0) ?? $0 })
    }
    return options
  }
}

extension NamedCheckpointable {
  fileprivate func replacingSources(
    of isMeant: @escaping @Sendable (DType) -> Bool,
    _ replace: @escaping @Sendable (any ArraySource) -> any ArraySource
  ) -> NamedCheckpointable {
    mapping { $0.replacingSources(of: isMeant, replace) }
  }
}

extension Checkpointable {
  fileprivate func replacingSources(
    of isMeant: @escaping @Sendable (DType) -> Bool,
    _ replace: @escaping @Sendable (any ArraySource) -> any ArraySource
  ) -> Checkpointable {
    switch self {
    case .tree(let tree): .tree(tree.replacingSources(of: isMeant, replace))
    case .composite(let items):
      .composite(items.map { $0.replacingSources(of: isMeant, replace) })
    case .json, .files: self
    }
  }
}

extension Tree where Leaf == ArrayLeaf {
  fileprivate func replacingSources(
    of isMeant: @escaping @Sendable (DType) -> Bool,
    _ replace: @escaping @Sendable (any ArraySource) -> any ArraySource
  ) -> Tree {
    // Most trees have no such array, and rebuilding large ones would be wasteful.
    var isFound = false
    forEachLeaf { isFound = isFound || $0.isKnown(to: isMeant) }
    guard isFound else { return self }
    return replacingLeaves { leaf in
      guard leaf.isKnown(to: isMeant), let source = try? leaf.source,
        let replaced = try? leaf.replacingSource(replace(source))
      else { return .leaf(leaf) }
      return .leaf(replaced)
    }
  }
}

extension ArrayLeaf {
  /// Returns whether the leaf has no fault and a matching dtype.
  fileprivate func isKnown(to isMeant: (DType) -> Bool) -> Bool {
    fault == nil && ((try? metadata.dtype).map(isMeant) ?? false)
  }
}
