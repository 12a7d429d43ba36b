extension Tree {
  /// Makes the same structure with each leaf replaced, in depth-first order, given the text of its
  /// path; empty for the root.
  ///
  /// For large trees: a text is made of its parent's, and no path of components is.
  @inlinable
  package func mapLeavesByText<Other, Failure: Error>(
    _ transform: (String, Leaf) throws(Failure) -> Other
  ) throws(Failure) -> Tree<Other> {
    try mapByText(below: "", nil, transform)
  }

  /// - Parameters:
  ///   - prefix: The text of the container around the node, with the slash after it.
  ///   - component: The step from there to the node; `nil` for the root.
  @inlinable
  package func mapByText<Other, Failure: Error>(
    below prefix: String, _ component: TreePath.Component?,
    _ transform: (String, Leaf) throws(Failure) -> Other
  ) throws(Failure) -> Tree<Other> {
    if case .value(let value) = self { return .value(value) }
    var text = prefix
    if let component { text += component.escaped }
    if case .leaf(let leaf) = self { return .leaf(try transform(text, leaf)) }
    if component != nil { text += "/" }
    switch self {
    case .dict(let entries):
      var mapped: [Tree<Other>.Entry] = []
      mapped.reserveCapacity(entries.count)
      for entry in entries {
        mapped.append(
          .init(entry.key, try entry.node.mapByText(below: text, .key(entry.key), transform)))
      }
      return .dict(mapped)
    case .record(let record):
      var fields: [Tree<Other>.Field] = []
      for field in record.fields {
        fields.append(
          .init(field.name, try field.node.mapByText(below: text, .field(field.name), transform)))
      }
      return .record(.init(type: record.type, fields: fields))
    case .list(let nodes): return .list(try Tree.mapByText(nodes, below: text, transform))
    case .tuple(let nodes): return .tuple(try Tree.mapByText(nodes, below: text, transform))
    case .value(let value): return .value(value)
    case .leaf(let leaf): return .leaf(try transform(text, leaf))
    }
  }

  @inlinable
  package static func mapByText<Other, Failure: Error>(
    _ nodes: [Tree], below text: String, _ transform: (String, Leaf) throws(Failure) -> Other
  ) throws(Failure) -> [Tree<Other>] {
    var mapped: [Tree<Other>] = []
    mapped.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      mapped.append(try node.mapByText(below: text, .index(index), transform))
    }
    return mapped
  }
}
