import CoppiceModel

/// Walks what is asked for and what is saved side by side.
///
/// It gives the tree to load, and notes all differences on the way.
struct TreeMatcher {
  let options: TreeLoadOptions
  /// Whether what no one asks for is looked for: that takes the whole of a saved tree.
  let notesUnexpected: Bool
  private(set) var report = StructureReport()

  init(_ options: TreeLoadOptions, notesUnexpected: Bool) {
    self.options = options
    self.notesUnexpected = notesUnexpected
  }

  /// Where the walk is.
  struct Place {
    /// The path in what is asked for, and in the result.
    var asked = TreePath()
    /// The path in the checkpoint.
    var saved = TreePath()
    var filter: LeafFilter
    /// The fallback's node at the same place, where there is one.
    var fallback: Tree<NDArray>?
    /// Whether the saved side is itself the fallback's.
    var isFallback = false
  }

  typealias Planned = Tree<PlannedLeaf>

  /// The place where a walk begins.
  var root: Place {
    var place = Place(filter: LeafFilter(options.selection))
    if case .fallback(let tree) = options.missing { place.fallback = tree }
    return place
  }

  /// Takes a branch as it is saved; `nil` when nothing of it is selected.
  func asSaved(_ node: Tree<ArrayLeaf>, _ place: Place) -> Planned? {
    let filter = place.filter.entering(place.saved)
    if filter.isInside { return node.replacingLeaves { .leaf(PlannedLeaf(source: $0.source)) } }
    switch node {
    case .leaf(let leaf):
      guard filter.takes(place.saved, leaf.metadata) else { return nil }
      return .leaf(PlannedLeaf(source: leaf.source))
    case .value(let value): return filter.takes(place.saved, nil) ? .value(value) : nil
    default:
      let nodes = node.children.map { child in
        var inner = place
        inner.filter = filter
        inner.asked = place.asked.appending(child.component)
        inner.saved = place.saved.appending(child.component)
        return asSaved(child.node, inner)
      }
      return nodes.contains { $0 != nil } ? node.rebuilt(nodes) : nil
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
      return place.filter.takesAny(of: saved, at: place.saved) ? .value(.none) : nil
    case (.leaf(.asSaved), _): return asSaved(saved, place)
    case (.leaf(.array(let array)), .leaf(let leaf)):
      return plan(place, leaf.metadata) { (options) throws(PlannedLeaf.Misfit) in
        try PlannedLeaf(leaf, as: array, options)
      }
    case (.leaf(.array(let array)), .value(let value)):
      return plan(place, nil) { (options) throws(PlannedLeaf.Misfit) in
        try PlannedLeaf(Self.number(value, "an array"), as: array, options)
      }
    case (.value(let wanted), .leaf(let leaf)):
      return plan(place, leaf.metadata) { (options) throws(PlannedLeaf.Misfit) in
        try PlannedLeaf(leaf.source, as: ValueKind(wanted), options)
      }
    case (.value(let wanted), .value(let value)): return match(wanted, value, place)
    case (.value(.none), _) where isNothing(saved):
      return place.filter.takesAny(of: saved, at: place.saved) ? .value(.none) : nil
    case (_, .value(.none)) where asked.isEmptyContainer && options.containers == .lenient:
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

  /// Notes a path that the checkpoint and the fallback lack.
  mutating func note(missing path: TreePath) { report.missing.append(path) }

  /// Notes a path that the fallback gives.
  mutating func note(filled path: TreePath) { report.filled.append(path) }

  /// Notes a path that no one asks for.
  mutating func note(unexpected path: TreePath) { report.unexpected.append(path) }

  private mutating func note(_ misfit: PlannedLeaf.Misfit, at path: TreePath) {
    report.mismatched.append(
      .init(path: path, reason: misfit.reason, message: misfit.message))
  }

  private mutating func plan(
    _ place: Place, _ metadata: ArrayMetadata?,
    _ make: (TreeLoadOptions) throws(PlannedLeaf.Misfit) -> PlannedLeaf
  ) -> Planned? {
    guard place.filter.takes(place.saved, metadata) else { return nil }
    do throws(PlannedLeaf.Misfit) {
      return .leaf(try make(options))
    } catch {
      note(error, at: place.asked)
      return nil
    }
  }

  private static func number(
    _ value: TreeValue, _ wanted: String
  ) throws(PlannedLeaf.Misfit) -> ArrayLeaf {
    do throws(CoppiceError) {
      if let array = try ScalarArray.make(value) { return ArrayLeaf(array) }
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
    return plan(place, nil) { (options) throws(PlannedLeaf.Misfit) in
      try PlannedLeaf(Self.number(value, kind.name).source, as: kind, options)
    }
  }
}
