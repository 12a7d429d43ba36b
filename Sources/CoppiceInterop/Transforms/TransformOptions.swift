import Coppice
public import CoppiceModel

/// The changes to a checkpoint during a conversion: selection, renaming, further steps and casts.
public struct TransformOptions: Sendable {
  /// The patterns that select paths; empty keeps everything.
  public var selection: [PathGlob] = []
  /// The renamings, applied in order.
  public var renamings: [TreeRenaming] = []
  /// Further steps, applied after the renamings.
  public var steps: [TreeTransform] = []
  /// The target dtypes of matching leaves; the first match counts.
  public var casts: [(glob: PathGlob, dtype: DType)] = []
  /// The treatment of values that the target dtype can't represent.
  public var castMode = CastMode.rounding
  /// Makes options that change nothing.
  public init() {}

  /// Applies the changes to a checkpoint.
  ///
  /// Checkpointables that can't be opened are passed on unchanged; writing the result then reports
  /// the fault.
  ///
  /// - Throws: `usage.*` for a path or pattern that matches nothing; `cast.unsupported`; `io.*`.
  package func apply(to contents: CheckpointContents) throws(CoppiceError) -> CheckpointContents {
    guard changesTrees else { return contents }
    var contents = contents
    let root = contents.root
    var fitting = Fitting()
    switch root {
    case .unnamed(let item):
      contents.root = .unnamed(try transform(item, &fitting) ?? .tree(.dict([])))
    case .named(let items): contents.root = .named(try transform(items, &fitting))
    }
    if !fitting.sawFault { try check(fitting, root) }
    return contents
  }

  /// Whether the options change any tree.
  private var changesTrees: Bool {
    !(selection.isEmpty && renamings.isEmpty && steps.isEmpty && casts.isEmpty)
  }

  private func transform(
    _ items: [NamedCheckpointable], _ fitting: inout Fitting
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    var kept: [NamedCheckpointable] = []
    for item in items {
      // Patterns select nodes of trees only, so a selection drops everything else.
      if item.kind == .json || item.kind == .files {
        if selection.isEmpty { kept.append(item) }
        continue
      }
      do throws(CoppiceError) {
        guard let value = try transform(try item.value, &fitting) else { continue }
        kept.append(.init(item.name, value))
      } catch {
        guard error.code.isInputFault, (try? item.value) == nil else { throw error }
        fitting.sawFault = true
        kept.append(item)
      }
    }
    return kept
  }

  /// The changes that matched something.
  private struct Fitting {
    var selection = false
    var renamings: Set<Int> = []
    var steps: Set<Int> = []
    /// The error of each step that matched no tree so far.
    var misfits: [Int: CoppiceError] = [:]
    var casts: Set<Int> = []
    /// Whether some checkpointable couldn't be opened; changes may apply to it.
    var sawFault = false
  }

  /// Refuses a change that matches nothing, which is probably a mistake.
  private func check(
    _ fitting: Fitting, _ root: CheckpointContents.Root
  ) throws(CoppiceError) {
    if !selection.isEmpty, !fitting.selection {
      let patterns = selection.map { "\"\($0.pattern)\"" }.joined(separator: ", ")
      throw CoppiceError(
        .usageTreePath,
        "no path of the checkpoint matches \(patterns)"
          + root.hint(for: selection.map(\.pattern)))
    }
    for (index, renaming) in renamings.enumerated() where !fitting.renamings.contains(index) {
      throw CoppiceError(
        .usageTreePath, "there is no such node to rename" + root.hint(for: [renaming.oldPath]),
        at: .init(treePath: renaming.oldPath))
    }
    for index in steps.indices where !fitting.steps.contains(index) {
      guard var misfit = fitting.misfits[index] else { continue }
      misfit.message = "step \(index + 1): " + misfit.message
      throw misfit
    }
    for (index, cast) in casts.enumerated() where !fitting.casts.contains(index) {
      let pattern = cast.glob.pattern
      throw CoppiceError(
        .usageTreePath,
        "no array of the checkpoint matches \"\(pattern)\", which is to be cast"
          + root.hint(for: [pattern]))
    }
  }

  private func transform(
    _ item: Checkpointable, _ fitting: inout Fitting
  ) throws(CoppiceError) -> Checkpointable? {
    switch item {
    case .tree(var tree):
      if !selection.isEmpty {
        guard let selected = TreeSelection(selection).apply(to: tree) else { return nil }
        fitting.selection = true
        tree = selected
      }
      for (index, renaming) in renamings.enumerated() where renaming.applies(to: tree) {
        fitting.renamings.insert(index)
        tree = try renaming.apply(to: tree)
      }
      for (index, step) in steps.enumerated() {
        guard step.applies(to: tree) else {
          if fitting.misfits[index] == nil { fitting.misfits[index] = Self.misfit(step, tree) }
          // Nothing of this tree is kept.
          if case .keep = step { return nil }
          continue
        }
        fitting.steps.insert(index)
        tree = try step.apply(to: tree)
      }
      return .tree(casts.isEmpty ? tree : try cast(tree, &fitting))
    case .composite(let items):
      let kept = try transform(items, &fitting)
      return kept.isEmpty && !items.isEmpty ? nil : .composite(kept)
    case .json, .files:
      // Patterns select nodes of trees only, so a selection drops everything else.
      return selection.isEmpty ? item : nil
    }
  }

  /// Returns the error of a step that matches nothing in a tree.
  private static func misfit(_ step: TreeTransform, _ tree: Tree<ArrayLeaf>) -> CoppiceError? {
    do throws(CoppiceError) {
      _ = try step.apply(to: tree)
      return nil
    } catch {
      return error
    }
  }

  private func cast(
    _ tree: Tree<ArrayLeaf>, _ fitting: inout Fitting
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try tree.mapLeaves { (path, leaf) throws(CoppiceError) in
      let matching = casts.indices.filter { casts[$0].glob.matches(path) }
      fitting.casts.formUnion(matching)
      guard let first = matching.first else { return leaf }
      do throws(CoppiceError) {
        return try leaf.cast(to: casts[first].dtype, mode: castMode)
      } catch {
        throw error.located(treePath: path.description)
      }
    }
  }
}

extension CheckpointContents.Root {
  /// Returns a hint for paths that begin with a checkpointable's name, as copied from a listing.
  func hint(for paths: [String]) -> String {
    guard case .named(let items) = self,
      let item = items.first(where: { item in
        paths.contains { $0.utf8.starts(with: (item.name + "/").utf8) }
      })
    else { return "" }
    return "; paths begin below the checkpointable's name: leave \"\(item.name)/\" out"
  }
}
