import CoppiceModel

extension TreeMatcher {
  /// Matches the children of two containers.
  mutating func matchChildren(
    of asked: Tree<AbstractLeaf>, _ saved: Tree<ArrayLeaf>, _ place: Place
  ) -> Planned? {
    let (wanted, found) = (asked.children, saved.children)
    let pairing = ChildPairing(
      wanted.map(\.component), with: found.map(\.component), options.containers)
    let fallbacks = fallbacks(for: wanted, place.fallback)
    var nodes: [Planned?] = []
    nodes.reserveCapacity(wanted.count)
    for (index, child) in wanted.enumerated() {
      var inner = place
      inner.asked = place.asked.appending(child.component)
      inner.fallback = fallbacks?[index]
      if let partner = pairing.partners[index] {
        inner.saved = place.saved.appending(found[partner].component)
        nodes.append(match(child.node, found[partner].node, inner))
      } else {
        inner.saved = place.saved.appending(child.component)
        nodes.append(miss(child.node, inner))
      }
    }
    if notesUnexpected, !place.isFallback {
      for index in pairing.unpaired {
        noteUnexpected(
          found[index].node, at: place.saved.appending(found[index].component), place.filter)
      }
    }
    return assembled(asked, nodes, place.filter)
  }

  /// Returns a container of the children that are loaded; `nil` when it has children and none is
  /// loaded.
  private func assembled(
    _ asked: Tree<AbstractLeaf>, _ nodes: [Planned?], _ filter: LeafFilter
  ) -> Planned? {
    if nodes.isEmpty, !filter.takesMissing { return nil }
    return nodes.isEmpty || nodes.contains { $0 != nil } ? asked.rebuilt(nodes) : nil
  }

  /// Returns the fallback's nodes for the children of a container; `nil` without a fallback.
  private func fallbacks(
    for wanted: [(component: TreePath.Component, node: Tree<AbstractLeaf>)],
    _ fallback: Tree<NDArray>?
  ) -> [Tree<NDArray>?]? {
    guard let children = fallback?.children, !children.isEmpty else { return nil }
    let pairing = ChildPairing(
      wanted.map(\.component), with: children.map(\.component), options.containers)
    return pairing.partners.map { partner in partner.map { children[$0].node } }
  }

  /// Takes a node that the checkpoint lacks from the fallback, or notes that it is missing.
  mutating func miss(_ asked: Tree<AbstractLeaf>, _ place: Place) -> Planned? {
    var place = place
    place.filter = place.filter.entering(place.asked)
    if case .leaf(.placeholder) = asked { return place.filter.takesMissing ? .value(.null) : nil }
    if asked.isContainer, !asked.isEmptyContainer {
      let children = asked.children
      let fallbacks = fallbacks(for: children, place.fallback)
      var nodes: [Planned?] = []
      for (index, child) in children.enumerated() {
        var inner = place
        inner.asked = place.asked.appending(child.component)
        inner.saved = place.saved.appending(child.component)
        inner.fallback = fallbacks?[index]
        nodes.append(miss(child.node, inner))
      }
      return assembled(asked, nodes, place.filter)
    }
    guard place.filter.takesMissing else { return nil }
    if let fallback = place.fallback {
      note(filled: place.asked)
      place.isFallback = true
      place.fallback = nil
      place.filter = LeafFilter(.all)
      return match(asked, fallback.mapLeaves { _, array in ArrayLeaf(array) }, place)
    }
    // In lenient mode, `none` and empty containers never count as missing.
    if options.containers == .lenient {
      if case .value(.null) = asked { return .value(.null) }
      if asked.isEmptyContainer { return asked.rebuilt([]) }
    }
    note(missing: place.asked)
    return nil
  }

  /// Notes all leaves and values of a branch that isn't requested.
  private mutating func noteUnexpected(
    _ node: Tree<ArrayLeaf>, at path: TreePath, _ filter: LeafFilter
  ) {
    let filter = filter.entering(path)
    let isStrict = options.containers == .strict
    switch node {
    case .leaf(let leaf):
      if filter.takes(path, try? leaf.metadata) { note(unexpected: path) }
    case .value(let value):
      if value != .null || isStrict, filter.takes(path, nil) { note(unexpected: path) }
    default:
      if node.children.isEmpty, isStrict, filter.isInside { note(unexpected: path) }
      for child in node.children {
        noteUnexpected(child.node, at: path.appending(child.component), filter)
      }
    }
  }
}
