extension Tree {
  /// Returns a container of the same kind with other children; those that are `nil` are left out.
  ///
  /// Sequences keep their indices: `none` takes the place of an element that is left out.
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
    case .list: return .list(nodes.map { $0 ?? .value(.null) })
    case .tuple: return .tuple(nodes.map { $0 ?? .value(.null) })
    case .value(let value): return .value(value)
    case .leaf: return nodes.first.flatMap { $0 } ?? .value(.null)
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
