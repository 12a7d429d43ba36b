import CoppiceModel

extension Optional: TreeEncodable where Wrapped: Encodable {
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray> {
    guard let self else { return .value(.null) }
    return try run.node(self, at: place)
  }
}

extension Array: TreeEncodable where Element: Encodable {
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray> {
    if let numbers = self as? any NestedElements, let array = try NDArray(nested: numbers) {
      return .leaf(array)
    }
    try run.checkDepth(ofContainerAt: place)
    var nodes: [Tree<NDArray>] = []
    nodes.reserveCapacity(count)
    for (index, element) in enumerated() {
      nodes.append(try run.node(element, at: CodingPlace(place, index: index)))
    }
    return .list(nodes)
  }
}

extension ContiguousArray: TreeEncodable where Element: Encodable {
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray> {
    try Array(self).node(in: run, at: place)
  }
}

extension ArraySlice: TreeEncodable where Element: Encodable {
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray> {
    try Array(self).node(in: run, at: place)
  }
}

extension Set: TreeEncodable where Element: Encodable {
  // The order of a set's elements differs between executions, so they are sorted if possible.
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray> {
    guard let order = Element.self as? any Comparable.Type else {
      return try Array(self).node(in: run, at: place)
    }
    return try sorted(as: order).node(in: run, at: place)
  }

  private func sorted<Order: Comparable>(as order: Order.Type) -> [Element] {
    sorted { left, right in
      guard let left = left as? Order, let right = right as? Order else { return false }
      return left < right
    }
  }
}

extension Dictionary: TreeEncodable where Key: Encodable, Value: Encodable {
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray> {
    var entries: [(key: TreeKey, value: Value)] = []
    entries.reserveCapacity(count)
    for (key, value) in self {
      switch key {
      case let text as String: entries.append((.string(text), value))
      case let number as Int: entries.append((.integer(number), value))
      case let key as any CodingKeyRepresentable: entries.append((TreeKey(key.codingKey), value))
      default: return try run.ownNode(self, at: place)
      }
    }
    try run.checkDepth(ofContainerAt: place)
    entries.sort { $0.key.isOrdered(before: $1.key) }
    return .dict(
      try entries.map { key, value in
        let place = CodingPlace(place, key: IndexKey(key), component: .key(key))
        return .init(key, try run.node(value, at: place))
      })
  }
}

extension TreeKey {
  /// Returns whether a key comes before another: integers by value, then texts in Swift's order.
  fileprivate func isOrdered(before other: TreeKey) -> Bool {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): a < b
    case (.string(let a), .string(let b)): a < b
    case (.integer, .string): true
    case (.string, .integer): false
    }
  }
}
