public import CoppiceModel

/// The checkpointables that a load returned, by name, in the order of the checkpoint or the
/// request.
public struct LoadedCheckpointables: Sendable {
  private var items: [(name: String, value: any Sendable)] = []

  init() {}

  /// Loads the checkpointables that a request names, or all of them as saved.
  ///
  /// No other is opened, and an unknown name is an error before anything is loaded.
  ///
  /// - Parameter rank: The rank of a group that loads.
  /// - Throws: `usage.no-such-checkpointable`, `usage.choice`, `handler.*`, and the errors of loading trees.
  package init(
    _ request: NamedValues<(any Sendable)?>?, of contents: CheckpointContents,
    _ opening: OpenOptions, _ handlers: HandlerRegistry, _ trees: TreeRequests, rank: Int? = nil
  ) async throws(CoppiceError) {
    guard case .named(let items) = contents.root else {
      throw CoppiceError(
        .usageChoice, "the checkpoint is one tree without a name: load it with load(from:)")
    }
    let wishes = try request.map { (request) throws(CoppiceError) in
      try request.map { (name, wish) throws(CoppiceError) in
        (try CheckpointableChoice.find(name, in: contents), wish)
      }
    }
    for (item, wish) in wishes ?? items.map({ ($0, nil) }) {
      let stored = try await BlockingWork.run(trees.monitor) { () throws(CoppiceError) in
        try opening.settle(item, trees.monitor)
      }
      guard var stored else { continue }
      var wish = wish
      if let each = wish as? EachRank {
        stored = try EachRank.part(of: stored, named: item.name, rank)
        wish = each.value
      }
      append(item.name, try await handlers.load(stored, as: wish, name: item.name, trees))
    }
  }

  mutating func append(_ name: String, _ value: any Sendable) { items.append((name, value)) }

  /// The names of the checkpointables.
  public var names: [String] { items.map(\.name) }

  /// The checkpointable of a name; `nil` when the load returned none.
  ///
  /// Loaded as saved, a tree is a `Tree<NDArray>`, a JSON value `JSON`, files are
  /// `[CheckpointFile]`, and a composite is `LoadedCheckpointables`.
  public subscript(name: String) -> (any Sendable)? {
    items.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// Returns the checkpointable of a name as a value of a type.
  ///
  /// - Throws: `usage.no-such-checkpointable` when there is no such checkpointable, or it is of another type.
  public func value<Value>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(CoppiceError) -> Value {
    guard let found = self[name] else {
      throw CoppiceError(
        .usageNoSuchCheckpointable,
        "no checkpointable \"\(name.printable)\" was loaded; there are "
          + names.map { "\"\($0.printable)\"" }.joined(separator: ", "))
    }
    guard let value = found as? Value else {
      throw CoppiceError(
        .usageNoSuchCheckpointable,
        "the checkpointable was loaded as \(Swift.type(of: found)), not as \(type)",
        at: .init(treePath: name))
    }
    return value
  }

  /// Returns the tree of a name.
  ///
  /// - Throws: `usage.no-such-checkpointable` when there is no such checkpointable, or it isn't a tree.
  public func tree(_ name: String) throws(CoppiceError) -> Tree<NDArray> { try value(name) }
}

extension LoadedCheckpointables: Sequence {
  /// Iterates over names and values in order.
  public func makeIterator() -> IndexingIterator<[(name: String, value: any Sendable)]> {
    items.makeIterator()
  }
}
