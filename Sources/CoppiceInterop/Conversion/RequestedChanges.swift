import Coppice
import CoppiceModel

/// The numbers of arrays that a conversion changes because it was asked to.
struct RequestedChanges: Sendable {
  /// A kind of change, with its name in reports and its words.
  enum Kind: String, CaseIterable {
    case renamed, combined, divided, transposed, reshaped, cast, deselected

    var message: String {
      switch self {
      case .renamed: "arrays have other paths than in the source"
      case .combined: "arrays are made of several"
      case .divided: "arrays are parts of others"
      case .transposed: "the axes of arrays are in another order"
      case .reshaped: "arrays have another shape"
      case .cast: "arrays are cast to another dtype"
      case .deselected: "arrays and values were not selected, or dropped"
      }
    }

    var effect: ConversionNote.Effect { self == .deselected ? .lost : .changed }
  }

  private var counts: [Kind: Int] = [:]
  private var examples: [Kind: [String]] = [:]

  mutating func add(_ kind: Kind, count: Int, examples: [String] = []) {
    guard count > 0 else { return }
    counts[kind, default: 0] += count
    let all = self.examples[kind, default: []] + examples
    self.examples[kind] = Array(all.prefix(FindingList.mostExamples))
  }

  mutating func add(_ other: RequestedChanges) {
    for (kind, count) in other.counts {
      add(kind, count: count, examples: other.examples[kind] ?? [])
    }
  }

  /// Returns what was changed or left out, in the order of the kinds.
  func findings(_ effect: ConversionNote.Effect) -> [ConversionReport.Finding] {
    Kind.allCases.filter { $0.effect == effect }.compactMap { kind in
      counts[kind].map {
        .init(
          kind: kind.rawValue, count: $0, message: kind.message, examples: examples[kind] ?? [])
      }
    }
  }
}

extension RequestedChanges {
  /// Counts what a step does to a tree.
  mutating func count(
    _ step: TreeTransform, of before: Tree<ArrayLeaf>, to after: Tree<ArrayLeaf>
  ) {
    switch step {
    case .drop, .keep: countLost(from: before, to: after)
    case .transpose(let globs, _): count(.transposed, matching: globs, in: before)
    case .reshape(let globs, _): count(.reshaped, matching: globs, in: before)
    case .cast(let globs, let dtype, _):
      count(.cast, matching: globs, in: before) { (try? $0.metadata.dtype) != dtype }
    case .merge: break
    case .stack(_, _, let path), .join(_, _, let path):
      count(.combined, below: [path], in: after)
    case .unstack(_, _, .list(let path)), .split(_, _, _, .list(let path)):
      count(.divided, below: [path], in: after)
    case .unstack(_, _, .paths(let paths)), .split(_, _, _, .paths(let paths)):
      count(.divided, below: paths, in: after)
    case .rename, .renameAll, .nest, .nestKeys, .flattenKeys:
      countRenamed(from: before, to: after)
    }
  }

  /// Counts the arrays and values of a tree that another, with some of its nodes, hasn't.
  mutating func countLost(from before: Tree<ArrayLeaf>, to after: Tree<ArrayLeaf>) {
    add(.deselected, count: before.count(notIn: after))
  }

  /// Counts the arrays of a tree whose path no array had before.
  mutating func countRenamed(from before: Tree<ArrayLeaf>, to after: Tree<ArrayLeaf>) {
    let old = Set(before.leaves.map(\.path))
    let new = after.leaves.map(\.path).filter { !old.contains($0) }
    add(
      .renamed, count: new.count,
      examples: new.prefix(FindingList.mostExamples).map(\.description))
  }

  /// Counts the arrays at paths and below them.
  private mutating func count(_ kind: Kind, below paths: [String], in tree: Tree<ArrayLeaf>) {
    for path in paths {
      let count = (try? tree.node(at: path))?.leafCount ?? 0
      add(kind, count: count, examples: [path])
    }
  }

  private mutating func count(
    _ kind: Kind, matching globs: [PathGlob], in tree: Tree<ArrayLeaf>,
    where isChanged: (ArrayLeaf) -> Bool = { _ in true }
  ) {
    var (count, examples): (Int, [String]) = (0, [])
    for (path, leaf) in (TreeSelection(globs).apply(to: tree) ?? .dict([])).leaves
    where isChanged(leaf) {
      count += 1
      if count <= FindingList.mostExamples { examples.append(path.description) }
    }
    add(kind, count: count, examples: examples)
  }
}

extension Tree {
  /// The number of arrays and values.
  fileprivate var count: Int {
    switch self {
    case .leaf, .value: 1
    default: children.reduce(0) { $0 + $1.node.count }
    }
  }

  /// Returns the number of arrays and values that another tree doesn't have at their paths; `None` stands for what left
  /// a list.
  fileprivate func count(notIn other: Tree?) -> Int {
    switch (self, other) {
    case (_, nil): return count
    case (.value(.null), _): return 0
    case (_, .value(.null)?): return count
    case (.leaf, _), (.value, _): return 0
    case (_, let other?):
      var kept: [TreePath.Component: Tree] = [:]
      for child in other.children { kept[child.component] = child.node }
      return children.reduce(0) { $0 + $1.node.count(notIn: kept[$1.component]) }
    }
  }
}
