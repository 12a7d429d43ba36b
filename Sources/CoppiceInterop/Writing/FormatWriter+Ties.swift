package import CoppiceModel

extension FormatWriter {
  /// Plans the output, and notes tied arrays where the format can't keep them so; none keeps other views.
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
    let keepsTies = abilities.features.contains(.tiedArrays)
    let trees =
      switch contents.root {
      case .unnamed(let item): Self.trees(in: item)
      case .named(let items): Self.trees(in: items)
      }
    plan.notes += trees.flatMap { Self.ties(in: $0, areKept: keepsTies) }
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

  /// Returns the notes on arrays that share elements in the source and won't in the result.
  ///
  /// - Parameter areKept: Whether arrays whose elements are those of another in their order stay tied.
  private static func ties(in tree: Tree<ArrayLeaf>, areKept: Bool) -> [ConversionNote] {
    let leaves = tree.leaves.filter { $0.leaf.fault == nil }
    guard let sources = try? leaves.map({ try $0.leaf.source }) else { return [] }
    var notes: [ConversionNote] = []
    let ties = ArrayTies(of: sources)
    for (index, owner) in ties.views.sorted(by: { $0.key < $1.key }) {
      let owner = leaves[owner].path.description
      notes.add(
        .tied, "it shares stored bytes with \(owner) in the source, and is written by itself",
        at: leaves[index].path)
    }
    guard !areKept else { return notes }
    for (index, place) in ties.places.enumerated() where place.owner != index {
      let owner = leaves[place.owner].path.description
      notes.add(
        .tied, "its elements are those of \(owner) in the source, and are written once more",
        at: leaves[index].path)
    }
    return notes
  }
}
