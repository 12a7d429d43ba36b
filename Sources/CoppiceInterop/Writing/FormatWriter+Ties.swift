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
    if !abilities.features.contains(.tiedArrays), case .unnamed(.tree(let tree)) = contents.root {
      plan.notes += Self.ties(in: tree)
    }
    return plan
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
