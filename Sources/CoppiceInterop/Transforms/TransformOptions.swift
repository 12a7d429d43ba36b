import Coppice
public import CoppiceModel

/// The changes to a checkpoint during a conversion: selection, renaming, further steps and casts.
public struct TransformOptions: Sendable {
  /// The patterns that select paths; empty keeps everything.
  public var selection: [PathGlob] = []
  /// The renamings, applied in order.
  ///
  /// Where the new path of one is taken by a node that a later one moves, they are made at once, with those
  /// between them, so that two can swap their names.
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
    var changes = RequestedChanges()
    return try apply(to: contents, counting: &changes)
  }

  /// Applies the changes to a checkpoint, and counts what they change.
  func apply(
    to contents: CheckpointContents, counting changes: inout RequestedChanges
  ) throws(CoppiceError) -> CheckpointContents {
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
    changes.add(fitting.changes)
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
    /// The patterns of the selection, and of each step, that matched something.
    var selection: Set<Int> = []
    var globs: [Int: Set<Int>] = [:]
    var renamings: Set<Int> = []
    var steps: Set<Int> = []
    /// The error of each step that matched no tree so far.
    var misfits: [Int: CoppiceError] = [:]
    var casts: Set<Int> = []
    var changes = RequestedChanges()
    /// For each step with several renamings, those that matched something.
    var renamed: [Int: Set<Int>] = [:]

    /// Returns the indexes of the patterns that match a node of a tree.
    static func matching(_ globs: [PathGlob], in tree: Tree<ArrayLeaf>) -> [Int] {
      globs.indices.filter { TreeSelection([globs[$0]]).apply(to: tree) != nil }
    }

    /// Applies a step; of several renamings, those with something to rename in this tree.
    mutating func apply(
      _ step: TreeTransform, _ index: Int, to tree: Tree<ArrayLeaf>
    ) throws(CoppiceError) -> Tree<ArrayLeaf> {
      let changed: Tree<ArrayLeaf>
      if case .renameAll(let all) = step {
        let places = all.indices.filter { all[$0].applies(to: tree) }
        renamed[index, default: []].formUnion(places)
        changed = try places.map { all[$0] }.apply(to: tree)
      } else {
        globs[index, default: []].formUnion(Self.matching(step.globs, in: tree))
        changed = try step.apply(to: tree)
      }
      changes.count(step, of: tree, to: changed)
      return changed
    }

    /// Whether some checkpointable couldn't be opened; changes may apply to it.
    var sawFault = false
  }

  /// Refuses a change that matches nothing, which is probably a mistake.
  private func check(
    _ fitting: Fitting, _ root: CheckpointContents.Root
  ) throws(CoppiceError) {
    for (index, glob) in selection.enumerated() where !fitting.selection.contains(index) {
      throw CoppiceError(
        .usageTreePath,
        "no path of the checkpoint matches \"\(glob.pattern.printable)\""
          + root.hint(for: [glob.pattern]))
    }
    for (index, renaming) in renamings.enumerated() where !fitting.renamings.contains(index) {
      throw CoppiceError(
        .usageTreePath, "there is no such node to rename" + root.hint(for: [renaming.oldPath]),
        at: .init(treePath: renaming.oldPath))
    }
    for (step, matched) in fitting.renamed.sorted(by: { $0.key < $1.key }) {
      guard case .renameAll(let all) = steps[step] else { continue }
      for (index, renaming) in all.enumerated() where !matched.contains(index) {
        throw CoppiceError(
          .usageTreePath, "change \(step + 1) (rename): there is no such node",
          at: .init(treePath: renaming.oldPath))
      }
    }
    for index in steps.indices where !fitting.steps.contains(index) {
      guard var misfit = fitting.misfits[index] else { continue }
      misfit.message = "change \(index + 1) (\(steps[index].verb)): " + misfit.message
      throw misfit
    }
    for (step, matched) in fitting.globs.sorted(by: { $0.key < $1.key }) {
      for (index, glob) in steps[step].globs.enumerated() where !matched.contains(index) {
        throw CoppiceError(
          .usageTreePath,
          "change \(step + 1) (\(steps[step].verb)): no path of the tree matches \"\(glob.pattern.printable)\""
            + root.hint(for: [glob.pattern]))
      }
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
        fitting.selection.formUnion(Fitting.matching(selection, in: tree))
        fitting.changes.countLost(from: tree, to: selected)
        tree = selected
      }
      let unnamed = tree
      var index = 0
      while index < renamings.count {
        guard renamings[index].applies(to: tree) else {
          index += 1
          continue
        }
        let (renamed, count) = try Self.rename(tree, renamings[index...])
        fitting.renamings.formUnion(index..<(index + count))
        (tree, index) = (renamed, index + count)
      }
      if !renamings.isEmpty { fitting.changes.countRenamed(from: unnamed, to: tree) }
      for (index, step) in steps.enumerated() {
        guard step.applies(to: tree) else {
          if fitting.misfits[index] == nil { fitting.misfits[index] = Self.misfit(step, tree) }
          // Nothing of this tree is kept.
          if case .keep = step { return nil }
          continue
        }
        fitting.steps.insert(index)
        tree = try fitting.apply(step, index, to: tree)
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

  /// Makes the first renaming, or as many at once as it takes to free the new paths.
  private static func rename(
    _ tree: Tree<ArrayLeaf>, _ renamings: ArraySlice<TreeRenaming>
  ) throws(CoppiceError) -> (tree: Tree<ArrayLeaf>, count: Int) {
    do throws(CoppiceError) {
      return (try renamings[renamings.startIndex].apply(to: tree), 1)
    } catch {
      for count in 1..<max(renamings.count, 1) {
        if let renamed = try? Array(renamings.prefix(count + 1)).apply(to: tree) {
          return (renamed, count + 1)
        }
      }
      throw error
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
      if (try? leaf.metadata.dtype) != casts[first].dtype {
        fitting.changes.add(.cast, count: 1, examples: [path.description])
      }
      do throws(CoppiceError) {
        return try leaf.cast(to: casts[first].dtype, mode: castMode)
      } catch {
        throw error.located(treePath: path.description)
      }
    }
  }
}

extension CheckpointContents.Root {
  /// Returns a hint for patterns that match nothing: at a similar path, or at the checkpointable's name, which patterns
  /// copied from a listing begin with.
  func hint(for patterns: [String]) -> String {
    guard case .named(let items) = self else {
      guard case .unnamed(.tree(let tree)) = self else { return "" }
      return patterns.lazy.map { tree.hint(for: $0) }.first { !$0.isEmpty } ?? ""
    }
    let named = items.first { item in
      patterns.contains { $0.utf8.starts(with: (item.name + "/").utf8) }
    }
    if let named {
      return "; paths begin below the checkpointable's name: leave \"\(named.name)/\" out"
    }
    for case .tree(let tree)? in items.lazy.map({ try? $0.value }) {
      for hint in patterns.lazy.map({ tree.hint(for: $0) }) where !hint.isEmpty { return hint }
    }
    return ""
  }
}
