import CoppiceModel

/// A checkpointable of a save by a group, as this rank has it.
package struct GroupItem: Sendable {
  /// The ways in which the ranks share the work.
  enum Content: Sendable {
    /// A tree whose arrays lie on the ranks as the holdings say, one for each leaf.
    case tree(Tree<ArrayLeaf>, [GlobalArray])
    /// A value that rank 0 saves.
    case primary(Checkpointable)
    /// A value that each rank saves for itself.
    case eachRank(Checkpointable)
  }

  var name: String
  var content: Content

  /// Makes the checkpointable of a value.
  ///
  /// - Throws: `handler.none`, `handler.failed`.
  init(
    _ name: String, _ value: any Sendable, _ handlers: HandlerRegistry
  ) async throws(CoppiceError) {
    self.name = name
    if let tree = value as? Tree<GlobalArray> {
      content = .tree(tree.replacingLeaves { .leaf($0.asLeaf) }, tree.leaves.map(\.leaf))
      return
    }
    if let each = value as? EachRank {
      content = .eachRank(try await handlers.save(each.value, as: name))
      return
    }
    let item = try await handlers.save(value, as: name)
    guard case .tree(let tree) = item else {
      content = .primary(item)
      return
    }
    content = .tree(tree, [])
  }

  /// Makes the checkpointable of content that all ranks can read.
  init(_ name: String, sharing item: Checkpointable) {
    self.name = name
    content = if case .tree(let tree) = item { .tree(tree, []) } else { .primary(item) }
  }

  /// Takes the state of values, which may change again afterwards.
  ///
  /// - Throws: `handler.none`, `handler.failed`.
  package static func take(
    _ values: NamedValues<any Sendable>, _ handlers: HandlerRegistry
  ) async throws(CoppiceError) -> [GroupItem] {
    var items: [GroupItem] = []
    for (name, value) in values { items.append(try await GroupItem(name, value, handlers)) }
    return items
  }

  /// The checkpointable in a form in which its arrays can be cast.
  var named: NamedCheckpointable {
    switch content {
    case .tree(let tree, _): NamedCheckpointable(name, .tree(tree))
    case .primary(let item), .eachRank(let item): NamedCheckpointable(name, item)
    }
  }

  /// Takes what became of the arrays.
  mutating func take(_ item: Checkpointable) {
    switch (content, item) {
    case (.tree(_, let arrays), .tree(let tree)): content = .tree(tree, arrays)
    case (.eachRank, _): content = .eachRank(item)
    default: content = .primary(item)
    }
  }
}
