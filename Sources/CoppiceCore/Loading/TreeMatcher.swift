import CoppiceModel
import CoppiceState

/// A walk over a requested and a saved tree, side by side.
///
/// It returns the tree to load, and notes all differences.
struct TreeMatcher {
  let options: TreeLoadOptions
  /// Whether the walk looks for saved nodes that aren't requested: it then visits the whole saved
  /// tree.
  let notesUnexpected: Bool
  private(set) var report = StructureReport()
  /// The faults of leaves that are to be loaded.
  private(set) var faults: [CoppiceError] = []

  private let fallback: Tree<NDArray>?

  /// - Throws: `state.coding` for a fallback that can't be encoded.
  init(_ options: TreeLoadOptions, notesUnexpected: Bool) throws(CoppiceError) {
    self.options = options
    self.notesUnexpected = notesUnexpected
    if case .fallback(let value) = options.missing {
      fallback = try TreeEncoder().encode(value)
    } else {
      fallback = nil
    }
  }

  /// The position of the walk.
  struct Place {
    /// The path in the requested tree, and in the result.
    var asked = TreePath()
    /// The path in the checkpoint.
    var saved = TreePath()
    var filter: LeafFilter
    /// The fallback's node at the same path, where there is one.
    var fallback: Tree<NDArray>?
    /// Whether the saved side of the walk is a node of the fallback.
    var isFallback = false
  }

  typealias Planned = Tree<PlannedLeaf>

  /// The position at which a walk begins.
  var root: Place { Place(filter: LeafFilter(options.selection), fallback: fallback) }

  /// Takes a branch as it is saved; `nil` when the selection takes nothing of it.
  mutating func asSaved(_ node: Tree<ArrayLeaf>, _ place: Place) -> Planned? {
    let filter = place.filter.entering(place.saved)
    if filter.isInside { return wholly(node, at: place.saved) }
    switch node {
    case .leaf(let leaf):
      guard filter.takes(place.saved, try? leaf.metadata) else { return nil }
      return wholly(node, at: place.saved)
    case .value(let value): return filter.takes(place.saved, nil) ? .value(value) : nil
    default:
      var nodes: [Planned?] = []
      for child in node.children {
        var inner = place
        inner.filter = filter
        inner.asked = place.asked.appending(child.component)
        inner.saved = place.saved.appending(child.component)
        nodes.append(asSaved(child.node, inner))
      }
      return nodes.contains { $0 != nil } ? node.rebuilt(nodes) : nil
    }
  }

  /// Takes a whole branch as it is saved.
  private mutating func wholly(_ node: Tree<ArrayLeaf>, at path: TreePath) -> Planned {
    var isWhole = true
    let planned: Planned = node.replacingLeaves { leaf in
      guard let source = try? leaf.source else {
        isWhole = false
        return .value(.null)
      }
      return .leaf(PlannedLeaf(source: source, saved: leaf.known))
    }
    guard !isWhole else { return planned }
    for (below, leaf) in node.leaves {
      _ = source(of: leaf, at: TreePath(path.components + below.components))
    }
    return planned
  }

  /// Returns the source of a leaf, or notes the leaf's fault and returns `nil`.
  private mutating func source(
    of leaf: ArrayLeaf, at path: TreePath, _ isWhole: Bool = true
  ) -> (any ArraySource)? {
    do throws(CoppiceError) {
      return isWhole ? try leaf.source : try leaf.boxSource
    } catch {
      faults.append(error.located(treePath: path.description))
      return nil
    }
  }

  /// Matches a branch; `nil` when it is left out.
  mutating func match(
    _ asked: Tree<AbstractLeaf>, _ saved: Tree<ArrayLeaf>, _ place: Place
  ) -> Planned? {
    var place = place
    place.filter = place.filter.entering(place.saved)
    switch (asked, saved) {
    case (.leaf(.placeholder), _):
      return place.filter.takesAny(of: saved, at: place.saved) ? .value(.null) : nil
    case (.leaf(.asSaved), _): return asSaved(saved, place)
    case (.leaf(.array(let array)), .leaf(let leaf)):
      return plan(place, leaf, isWhole: array.region == .whole) {
        (source, options) throws(PlannedLeaf.Misfit) in
        try PlannedLeaf(source, as: array, options)
      }
    case (.leaf(.array(let array)), .value(let value)):
      return plan(place) { (options) throws(PlannedLeaf.Misfit) in
        try PlannedLeaf(Self.number(value, "an array"), as: array, options)
      }
    case (.value(.null), _) where options.noneTakesAnything: return asSaved(saved, place)
    case (.value(let wanted), .leaf(let leaf)):
      return plan(place, leaf) { (source, options) throws(PlannedLeaf.Misfit) in
        try PlannedLeaf(source, as: ValueKind(wanted), options)
      }
    case (.value(let wanted), .value(let value)): return match(wanted, value, place)
    case (.value(.null), _) where isNothing(saved):
      return place.filter.takesAny(of: saved, at: place.saved) ? .value(.null) : nil
    case (_, .value(.null)) where asked.isEmptyContainer && options.containers == .lenient:
      return place.filter.takes(place.saved, nil) ? asked.rebuilt([]) : nil
    default:
      guard asked.isContainer, saved.isContainer,
        options.containers == .lenient || asked.isSameContainer(as: saved)
      else { return mismatch(asked, saved, place) }
      return matchChildren(of: asked, saved, place)
    }
  }

  private func isNothing(_ saved: Tree<ArrayLeaf>) -> Bool {
    options.containers == .lenient && saved.isEmptyContainer
  }

  private mutating func mismatch(
    _ asked: Tree<AbstractLeaf>, _ saved: Tree<ArrayLeaf>, _ place: Place
  ) -> Planned? {
    guard place.filter.takesAny(of: saved, at: place.saved) else { return nil }
    let misfit = PlannedLeaf.Misfit(
      reason: .kind, message: "\(asked.kindName) is asked for, \(saved.kindName) is saved")
    note(misfit, at: place.asked)
    return nil
  }

  /// Notes a path that neither the checkpoint nor the fallback has.
  mutating func note(missing path: TreePath) { report.missing.append(path) }

  /// Notes a path that the fallback has and the checkpoint lacks.
  mutating func note(filled path: TreePath) { report.filled.append(path) }

  /// Notes a path that isn't requested.
  mutating func note(unexpected path: TreePath) { report.unexpected.append(path) }

  private mutating func note(_ misfit: PlannedLeaf.Misfit, at path: TreePath) {
    report.mismatched.append(
      .init(path: path, reason: misfit.reason, message: misfit.message))
  }

  private mutating func plan(
    _ place: Place, _ leaf: ArrayLeaf, isWhole: Bool = true,
    _ make: (any ArraySource, TreeLoadOptions) throws(PlannedLeaf.Misfit) -> PlannedLeaf
  ) -> Planned? {
    guard place.filter.takes(place.saved, try? leaf.metadata),
      let source = source(of: leaf, at: place.saved, isWhole)
    else { return nil }
    return take(place) { (options) throws(PlannedLeaf.Misfit) in
      var planned = try make(source, options)
      planned.saved = leaf.known
      return planned
    }
  }

  private mutating func plan(
    _ place: Place, _ make: (TreeLoadOptions) throws(PlannedLeaf.Misfit) -> PlannedLeaf
  ) -> Planned? {
    place.filter.takes(place.saved, nil) ? take(place, make) : nil
  }

  private mutating func take(
    _ place: Place, _ make: (TreeLoadOptions) throws(PlannedLeaf.Misfit) -> PlannedLeaf
  ) -> Planned? {
    do throws(PlannedLeaf.Misfit) {
      return .leaf(try make(options))
    } catch {
      note(error, at: place.asked)
      return nil
    }
  }

  private static func number(
    _ value: TreeValue, _ wanted: String
  ) throws(PlannedLeaf.Misfit) -> any ArraySource {
    do throws(CoppiceError) {
      if let array = try ScalarArray.make(value) { return array }
    } catch {
      throw PlannedLeaf.Misfit(reason: .dtype, message: error.message)
    }
    throw PlannedLeaf.Misfit(
      reason: .kind, message: "\(wanted) is asked for, \(ValueKind(value).name) is saved")
  }

  private mutating func match(
    _ wanted: TreeValue, _ value: TreeValue, _ place: Place
  ) -> Planned? {
    let kind = ValueKind(wanted)
    guard kind != ValueKind(value) else {
      return place.filter.takes(place.saved, nil) ? .value(value) : nil
    }
    return plan(place) { (options) throws(PlannedLeaf.Misfit) in
      try PlannedLeaf(Self.number(value, kind.name), as: kind, options)
    }
  }
}
