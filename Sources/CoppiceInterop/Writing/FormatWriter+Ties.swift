package import CoppiceModel

extension FormatWriter {
  /// Plans the output, and notes tied arrays where the format can't keep them so.
  ///
  /// - Parameter isStep: Whether it is a step of a run, whose layout may differ.
  /// - Throws: The format's errors for contents that it can't hold.
  package func notedPlan(
    _ contents: CheckpointContents, options: OutputOptions, isStep: Bool = false
  ) throws(CoppiceError) -> OutputPlan {
    var plan: OutputPlan
    if isStep, let builtIn = self as? any BuiltInFormatWriter {
      plan = try builtIn.planStep(contents, options: options)
    } else {
      plan = try self.plan(contents, options: options)
    }
    guard !abilities.features.contains(.tiedArrays) else { return plan }
    let trees =
      switch contents.root {
      case .unnamed(let item): Self.trees(in: item)
      case .named(let items): Self.trees(in: items)
      }
    plan.notes += trees.flatMap(Self.ties)
    return plan
  }

  /// Returns the trees of checkpointables; what can't be opened is the writer's to report, where it is written.
  private static func trees(in items: [NamedCheckpointable]) -> [Tree<ArrayLeaf>] {
    items.flatMap { item in (try? item.value).map(trees) ?? [] }
  }

  private static func trees(in item: Checkpointable) -> [Tree<ArrayLeaf>] {
    switch item {
    case .tree(let tree): [tree]
    case .composite(let items): trees(in: items)
    case .json, .files: []
    }
  }

  private static func ties(in tree: Tree<ArrayLeaf>) -> [ConversionNote] {
    let leaves = tree.leaves.filter { $0.leaf.fault == nil }
    guard let sources = try? leaves.map({ try $0.leaf.source }) else { return [] }
    var notes: [ConversionNote] = []
    for (index, place) in ArrayTies(of: sources).places.enumerated() where place.owner != index {
      let owner = leaves[place.owner].path.description
      notes.add(
        .tied, "its elements are those of \(owner) in the source, and are written once more",
        at: leaves[index].path)
    }
    return notes
  }
}
