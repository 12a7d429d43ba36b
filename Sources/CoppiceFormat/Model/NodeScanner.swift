import CoppiceJSON
import CoppiceModel

/// A one-pass reader of the nodes of a tree in the spelling of this version's writers.
///
/// It accepts nothing that `NodeReader` refuses; for rare or invalid input it throws a deviation.
///
/// Spec: MET-32 to MET-35.
struct NodeScanner {
  typealias Deviation = CanonicalScanner.Deviation

  /// The number of leaves seen so far.
  private(set) var leafCount = 0
  /// The number of leaves that the document describes; no more may come.
  private let describedLeaves: Int
  private let limits: ReadLimits
  /// The limit on the capacity that a container reserves because its neighbour has that many
  /// entries.
  private static let mostExpectedEntries = 64

  init(describedLeaves: Int, limits: ReadLimits) {
    self.describedLeaves = min(describedLeaves, limits.leaves)
    self.limits = limits
  }

  /// - Parameter expected: The number of entries to reserve room for in a dictionary; more or fewer
  ///   may come.
  mutating func read(
    _ scanner: inout CanonicalScanner, depth: Int = 0, expecting expected: Int = 0,
    _ leaf: (Int) -> ArrayLeaf
  ) throws(Deviation) -> Tree<ArrayLeaf> {
    guard depth <= limits.depth else { throw Deviation() }
    let start = scanner.place
    try scanner.expect("{\"")
    let node: Tree<ArrayLeaf>
    if scanner.take("leaf\":") {
      guard leafCount < describedLeaves, try scanner.integer() == leafCount else {
        throw Deviation()
      }
      node = .leaf(leaf(leafCount))
      leafCount += 1
    } else if scanner.take("dict\":[") {
      node = .dict(try entries(&scanner, depth: depth + 1, expecting: expected, leaf))
    } else if scanner.take("list\":[") {
      node = .list(try nodes(&scanner, depth: depth + 1, leaf))
    } else if scanner.take("tuple\":[") {
      node = .tuple(try nodes(&scanner, depth: depth + 1, leaf))
    } else if scanner.take("record\":{\"fields\":[") {
      node = .record(try record(&scanner, depth: depth + 1, leaf))
    } else {
      return .value(try value(&scanner, from: start))
    }
    try scanner.expect("}")
    return node
  }

  private mutating func nodes(
    _ scanner: inout CanonicalScanner, depth: Int, _ leaf: (Int) -> ArrayLeaf
  ) throws(Deviation) -> [Tree<ArrayLeaf>] {
    var nodes: [Tree<ArrayLeaf>] = []
    if scanner.take("]") { return nodes }
    repeat { nodes.append(try read(&scanner, depth: depth, leaf)) } while scanner.take(",")
    try scanner.expect("]")
    return nodes
  }

  private mutating func entries(
    _ scanner: inout CanonicalScanner, depth: Int, expecting expected: Int,
    _ leaf: (Int) -> ArrayLeaf
  ) throws(Deviation) -> [Tree<ArrayLeaf>.Entry] {
    var entries: [Tree<ArrayLeaf>.Entry] = []
    if scanner.take("]") { return entries }
    entries.reserveCapacity(expected)
    // Entries of the previous dictionary in this container: all of them together reserve at most
    // twice the room that they fill.
    var inner = 0
    var names = DistinctNames()
    repeat {
      try scanner.expect("[")
      let key: TreeKey
      if scanner.take("{\"int\":") {
        guard let number = try integer(scanner.string()) else { throw Deviation() }
        key = .integer(number)
        names.isSorted = false
        try scanner.expect("}")
      } else {
        key = .string(try name(&scanner, &names))
      }
      try scanner.expect(",")
      let node = try read(&scanner, depth: depth, expecting: inner, leaf)
      if case .dict(let found) = node { inner = min(found.count, Self.mostExpectedEntries) }
      entries.append(.init(key, node))
      try scanner.expect("]")
    } while scanner.take(",")
    try scanner.expect("]")
    guard names.isSorted || Set(entries.lazy.map(\.key)).count == entries.count else {
      throw Deviation()
    }
    return entries
  }

  private mutating func record(
    _ scanner: inout CanonicalScanner, depth: Int, _ leaf: (Int) -> ArrayLeaf
  ) throws(Deviation) -> Tree<ArrayLeaf>.Record {
    var fields: [Tree<ArrayLeaf>.Field] = []
    var names = DistinctNames()
    if !scanner.take("]") {
      repeat {
        try scanner.expect("[")
        let name = try name(&scanner, &names)
        try scanner.expect(",")
        fields.append(.init(name, try read(&scanner, depth: depth, leaf)))
        try scanner.expect("]")
      } while scanner.take(",")
      try scanner.expect("]")
    }
    guard
      names.isSorted || Set(fields.lazy.map { TreeKey.string($0.name) }).count == fields.count
    else { throw Deviation() }
    try scanner.expect(",\"type\":")
    let type = try scanner.string()
    try scanner.expect("}")
    return .init(type: type, fields: fields)
  }
}

extension NodeScanner {
  /// Names that are known to be distinct as long as they are sorted.
  private struct DistinctNames {
    var isSorted = true
    var last: Range<Int>?
  }

  private func name(
    _ scanner: inout CanonicalScanner, _ names: inout DistinctNames
  ) throws(Deviation) -> String {
    let range = try scanner.stringRange()
    guard range.count <= limits.componentBytes else { throw Deviation() }
    if let last = names.last, names.isSorted { names.isSorted = scanner.precedes(last, range) }
    names.last = range
    return try scanner.text(range)
  }

  private func integer(_ text: String) -> Int? {
    IntegerText(text).flatMap { Int($0.text) }
  }

  /// Reads a value: common kinds directly, others through `NodeReader`.
  ///
  /// - Parameter start: The position where the node begins.
  private func value(
    _ scanner: inout CanonicalScanner, from start: Int
  ) throws(Deviation) -> TreeValue {
    let value: TreeValue
    if scanner.take("int\":") {
      guard let number = IntegerText(try scanner.string()) else { throw Deviation() }
      value = .int(number)
    } else if scanner.take("float\":") {
      guard let number = FloatText.number(of: try scanner.string()) else { throw Deviation() }
      value = .float(number)
    } else if scanner.take("string\":") {
      value = .string(try scanner.string())
    } else if scanner.take("none\":true") {
      value = .null
    } else if scanner.take("bool\":true") {
      value = .bool(true)
    } else if scanner.take("bool\":false") {
      value = .bool(false)
    } else {
      // Only `NodeReader` keeps the limit on text arrays, which counts over the whole tree.
      scanner.rewind(to: start)
      let node = try scanner.value(limits: limits)
      var reader = NodeReader(unknown: UnknownMembers(areRefused: true), limits: limits)
      guard let read = try? reader.read(node), case .value(let value) = read, reader.textBytes == 0
      else { throw Deviation() }
      return value
    }
    try scanner.expect("}")
    return value
  }
}
