internal import CCoppiceSimdjson

extension JSONNode {
  /// The number of elements or members; 0 for scalars.
  package var count: Int {
    let entry = entry
    return entry.isContainer ? Int(entry.length) : 0
  }

  /// The elements of an array; empty for other kinds.
  package var elements: JSONElements {
    JSONElements(tape: tape, index: index, isPresent: entry.isKind(csimdjson_kind_array))
  }

  /// The members of an object in document order; empty for other kinds.
  package var members: JSONMembers { JSONMembers(entries: entries) }

  /// The members with their names as nodes; empty for other kinds.
  package var entries: JSONEntries {
    JSONEntries(tape: tape, index: index, isPresent: entry.isKind(csimdjson_kind_object))
  }

  /// The value of a member, compared by bytes; `nil` for other kinds and absent members.
  package subscript(name: String) -> JSONNode? {
    guard entry.isKind(csimdjson_kind_object) else { return nil }
    let end = Int(entry.link)
    var place = index + 1
    while place < end {
      if tape.hasText(name, at: place) { return JSONNode(tape: tape, index: place + 1) }
      place = tape.indexAfter(place + 1)
    }
    return nil
  }

  /// An element of an array; `nil` for other kinds and beyond the end.
  ///
  /// The access goes through all elements before, unless all elements are scalars.
  package subscript(position: Int) -> JSONNode? {
    guard entry.isKind(csimdjson_kind_array), position >= 0, position < count else { return nil }
    if Int(entry.link) - index - 1 == count {
      return JSONNode(tape: tape, index: index + 1 + position)
    }
    var place = index + 1
    for _ in 0..<position { place = tape.indexAfter(place) }
    return JSONNode(tape: tape, index: place)
  }
}

/// The children of a container that haven't been visited.
private struct RemainingChildren: Sendable {
  let tape: JSONTape
  private var place: Int
  private let end: Int
  private(set) var count: Int

  @inline(__always)
  init(tape: JSONTape, index: Int, isPresent: Bool) {
    let entry = tape.entry(index)
    self.tape = tape
    place = index + 1
    end = isPresent ? Int(entry.link) : place
    count = isPresent ? Int(entry.length) : 0
  }

  /// Returns the index of the next child, which follows its name, if it has one.
  @inline(__always)
  mutating func next(named: Int) -> Int? {
    guard place < end else { return nil }
    let child = place + named
    place = tape.indexAfter(child)
    count -= 1
    return child
  }
}

/// The elements of an array.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private var rest: RemainingChildren

  @inline(__always)
  init(tape: JSONTape, index: Int, isPresent: Bool) {
    rest = RemainingChildren(tape: tape, index: index, isPresent: isPresent)
  }

  /// The number of remaining elements.
  package var count: Int { rest.count }

  /// Whether no elements remain.
  package var isEmpty: Bool { count == 0 }

  package var underestimatedCount: Int { count }

  package mutating func next() -> JSONNode? {
    rest.next(named: 0).map { JSONNode(tape: rest.tape, index: $0) }
  }
}

/// The members of an object, names as nodes.
package struct JSONEntries: Sequence, IteratorProtocol, Sendable {
  private var rest: RemainingChildren

  @inline(__always)
  init(tape: JSONTape, index: Int, isPresent: Bool) {
    rest = RemainingChildren(tape: tape, index: index, isPresent: isPresent)
  }

  /// The number of remaining members.
  package var count: Int { rest.count }

  /// Whether no members remain.
  package var isEmpty: Bool { count == 0 }

  package var underestimatedCount: Int { count }

  package mutating func next() -> (name: JSONNode, value: JSONNode)? {
    guard let value = rest.next(named: 1) else { return nil }
    return (JSONNode(tape: rest.tape, index: value - 1), JSONNode(tape: rest.tape, index: value))
  }
}

/// The members of an object.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private var entries: JSONEntries

  init(entries: JSONEntries) { self.entries = entries }

  /// The number of remaining members.
  package var count: Int { entries.count }

  /// Whether no members remain.
  package var isEmpty: Bool { entries.isEmpty }

  package var underestimatedCount: Int { entries.count }

  package mutating func next() -> (name: String, value: JSONNode)? {
    guard let (name, value) = entries.next() else { return nil }
    return (name.tape.text(of: name.entry), value)
  }
}
