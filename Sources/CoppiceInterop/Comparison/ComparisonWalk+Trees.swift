import CoppiceModel

extension ComparisonWalk {
  /// Compares two nodes and everything below them.
  mutating func compare(
    _ a: Tree<ArrayLeaf>, _ b: Tree<ArrayLeaf>, at path: TreePath, in whole: Difference.Place,
    isSelected: Bool
  ) {
    let isSelected = isSelected || options.selection.contains { $0.matches(path) }
    if isSelected { sawSelected = true }
    let place = whole.node(path)
    switch (a, b) {
    case (.leaf(let x), .leaf(let y)):
      if isSelected { compare(x, y, at: place) }
    case (.value(let x), .value(let y)):
      guard isSelected, !ValueComparison.areEqual(x, y, options) else { return }
      let texts = ValueComparison.texts(x, y)
      report(.value, place, texts.a, texts.b)
    default:
      if compareFlattened(a, b, at: path, in: whole, isSelected: isSelected) { return }
      let (x, y) = (a.members, b.members)
      guard let x, let y, x.isSequence == y.isSequence else {
        guard isSelected || selects(a, at: path) || selects(b, at: path) else { return }
        sawSelected = true
        if a.fault == nil, b.fault == nil {
          report(.kind, place, a.summary, b.summary)
        } else {
          reportNotCompared(place, a.fault?.error, b.fault?.error)
        }
        return
      }
      if isSelected { compareContainers(a, b, at: place) }
      compare(x.nodes, y.nodes, at: path, in: whole, isSelected: isSelected)
    }
  }

  /// Compares the kinds, types and orders of containers, but not their children.
  private mutating func compareContainers(
    _ a: Tree<ArrayLeaf>, _ b: Tree<ArrayLeaf>, at place: Difference.Place
  ) {
    if a.kindName != b.kindName {
      report(.kind, place, a.kindName, b.kindName)
    } else if case (.record(let x), .record(let y)) = (a, b),
      !x.type.utf8.elementsEqual(y.type.utf8)
    {
      report(.recordType, place, quoted(x.type), quoted(y.type))
    }
    guard options.comparesOrder, let x = a.members, let y = b.members else { return }
    let (inX, inY) = (Set(x.nodes.map(\.name)), Set(y.nodes.map(\.name)))
    let left = x.nodes.filter { inY.contains($0.name) }
    let right = y.nodes.filter { inX.contains($0.name) }
    if let index = left.indices.first(where: { left[$0].name != right[$0].name }) {
      report(
        .order, place, "\(left[index].component.escaped) first",
        "\(right[index].component.escaped) first")
    }
  }

  private mutating func compare(
    _ a: [ContainerMembers.Member], _ b: [ContainerMembers.Member], at path: TreePath,
    in whole: Difference.Place, isSelected: Bool
  ) {
    var others: [TreeKey: Tree<ArrayLeaf>] = [:]
    others.reserveCapacity(b.count)
    for member in b { others[member.name] = member.node }
    for member in a {
      let below = path.appending(member.component)
      if let other = others.removeValue(forKey: member.name) {
        compare(member.node, other, at: below, in: whole, isSelected: isSelected)
      } else {
        reportOnly(member.node, inA: true, at: below, in: whole, isSelected)
      }
    }
    for member in b where others[member.name] != nil {
      reportOnly(
        member.node, inA: false, at: path.appending(member.component), in: whole, isSelected)
    }
  }

  mutating func reportOnly(
    _ node: Tree<ArrayLeaf>, inA: Bool, at path: TreePath, in whole: Difference.Place,
    _ isSelected: Bool
  ) {
    guard isSelected || selects(node, at: path) else { return }
    sawSelected = true
    reportOnly(inA: inA, whole.node(path), node.summary)
  }

  /// Returns whether a node, or one below it, is selected.
  func selects(_ node: Tree<ArrayLeaf>, at path: TreePath) -> Bool {
    options.selection.contains { $0.matches(path) }
      || node.children.contains { selects($0.node, at: path.appending($0.component)) }
  }

  private mutating func compare(_ a: ArrayLeaf, _ b: ArrayLeaf, at place: Difference.Place) {
    guard let left = try? a.source, let right = try? b.source, let x = try? a.metadata,
      let y = try? b.metadata
    else {
      reportNotCompared(place, a.fault?.error, b.fault?.error)
      return
    }
    if x.prngImplementation != y.prngImplementation {
      report(
        .prng, place, x.prngImplementation ?? "none", y.prngImplementation ?? "none")
    }
    if options.comparesMetadata, x.sharding != y.sharding {
      report(
        .sharding, place, x.sharding?.description ?? "none", y.sharding?.description ?? "none")
    }
    let isOtherType = x.dtype != y.dtype && !options.ignoresDTypes
    guard x.shape == y.shape, !isOtherType else {
      report(x.shape == y.shape ? .dtype : .shape, place, x.text, y.text)
      return
    }
    add(.arrays(left, right), at: place)
  }

  private func quoted(_ text: String) -> String { "\"\(text)\"" }
}

extension Tree<ArrayLeaf> {
  /// The fault of a leaf; `nil` for other nodes and leaves without one.
  fileprivate var fault: LeafFault? { if case .leaf(let leaf) = self { leaf.fault } else { nil } }
}
