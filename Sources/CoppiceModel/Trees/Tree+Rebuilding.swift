extension Tree {
  /// A container of the same kind with other children; those that are `nil` are left out.
  ///
  /// A sequence that loses elements becomes a dictionary with their numbers as keys.
  package func rebuilt<Other>(_ nodes: [Tree<Other>?]) -> Tree<Other> {
    switch self {
    case .dict(let entries):
      return .dict(
        zip(entries, nodes).compactMap { entry, node in
          node.map { Tree<Other>.Entry(entry.key, $0) }
        })
    case .record(let record):
      let fields = zip(record.fields, nodes).compactMap { field, node in
        node.map { Tree<Other>.Field(field.name, $0) }
      }
      return .record(.init(type: record.type, fields: fields))
    case .list, .tuple:
      let kept = nodes.compactMap { $0 }
      guard kept.count == nodes.count else {
        return .dict(
          nodes.enumerated().compactMap { index, node in
            node.map { Tree<Other>.Entry(.integer(index), $0) }
          })
      }
      if case .list = self { return .list(kept) }
      return .tuple(kept)
    case .value(let value): return .value(value)
    case .leaf: return nodes.first.flatMap { $0 } ?? .value(.none)
    }
  }

  /// Tells whether another node is a container of the same kind, and a record of the same type.
  package func isSameContainer<Other>(as other: Tree<Other>) -> Bool {
    switch (self, other) {
    case (.dict, .dict), (.list, .list), (.tuple, .tuple): true
    case (.record(let a), .record(let b)): a.type.utf8.elementsEqual(b.type.utf8)
    default: false
    }
  }
}
