import CoppiceModel

/// Compares a tree that was written and read back with the original.
///
/// Without a note both must be equal to the last bit. A note excuses only the node that it names:
/// children of a container that became another kind are still expected under their keys.
struct CarriedTree {
  /// The separator of joined names in a flat format; `nil` for formats with trees.
  private let separator: String?
  /// The notes by the bytes of their paths: names that spell a character differently are different.
  private let notes: [TreeKey: Set<ConversionNote.Kind>]
  /// Whether a note about the whole tree says that sequences became dictionaries.
  private let renumbers: Bool
  private let keepsOrder: Bool
  private(set) var problems: [String] = []
  /// The paths of equal arrays and values.
  private(set) var exact: Set<String> = []

  init(notes: [ConversionNote], separator: String?, keepsOrder: Bool) {
    self.separator = separator
    self.keepsOrder = keepsOrder
    self.notes = notes.reduce(into: [:]) { $0[.string($1.treePath), default: []].insert($1.kind) }
    renumbers = self.notes[""]?.contains(.structure) ?? false
  }

  mutating func compare(_ original: Tree<ArrayLeaf>, _ found: Tree<ArrayLeaf>) throws {
    // A root that isn't a container is stored under a made-up name.
    if original.isContent, renumbers, case .dict(let entries) = found {
      guard let only = entries.first, entries.count == 1 else {
        return problems.append("the only node became \(entries.count)")
      }
      return try compareContent(original, only.node, TreePath())
    }
    guard let separator else { return try compare(original, found, TreePath()) }
    guard case .dict(let entries) = found else { return problems.append("no dictionary") }
    var flat = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.node) })
    try compareFlat(original, [], TreePath(), separator, &flat)
    for key in flat.keys { problems.append("\(key) came from nowhere") }
  }

  private func noted(_ path: TreePath, _ kinds: ConversionNote.Kind...) -> Bool {
    !(notes[.string(path.description)] ?? []).isDisjoint(with: kinds)
  }

  // MARK: Trees

  private mutating func compare(
    _ original: Tree<ArrayLeaf>, _ found: Tree<ArrayLeaf>, _ path: TreePath
  ) throws {
    switch (original, found) {
    case (.value, _), (.leaf, _): try compareContent(original, found, path)
    case (.dict, .dict), (.list, .list), (.tuple, .tuple):
      try compareChildren(original, found, path)
    case (.record(let a), .record(let b)):
      if !a.type.utf8.elementsEqual(b.type.utf8) { problems.append("\(path): another record type") }
      try compareChildren(original, found, path)
    default:
      let isSequence =
        switch original {
        case .list, .tuple: true
        default: false
        }
      guard noted(path, .structure, .emptyContainer) || (renumbers && isSequence) else {
        return problems.append("\(path): \(original.word) became \(found.word)")
      }
      try compareChildren(original, found, path)
    }
  }

  private mutating func compareChildren(
    _ original: Tree<ArrayLeaf>, _ found: Tree<ArrayLeaf>, _ path: TreePath
  ) throws {
    let there = found.children
    var used: Set<Int> = []
    var places: [Int] = []
    for (component, node) in original.children {
      let below = path.appending(component)
      // Another node may have its name.
      if noted(below, .leftOut) { continue }
      var names = [component]
      let changesKind = original.word != found.word
      if changesKind || noted(below, .integerKey) { names.append(.key(.string(component.word))) }
      if noted(below, .structure) { names.append(.key(.string(component.escaped))) }
      guard
        let place = there.indices.first(where: {
          !used.contains($0) && names.contains(there[$0].component)
        })
      else {
        if !noted(below, .emptyContainer) { problems.append("\(below) is gone") }
        continue
      }
      used.insert(place)
      places.append(place)
      try compare(node, there[place].node, below)
    }
    if keepsOrder, places != places.sorted() { problems.append("\(path): another order") }
    for place in there.indices where !used.contains(place) {
      problems.append("\(path.appending(there[place].component)) came from nowhere")
    }
  }

  // MARK: Flat names

  private mutating func compareFlat(
    _ original: Tree<ArrayLeaf>, _ steps: [String], _ path: TreePath, _ separator: String,
    _ flat: inout [TreeKey: Tree<ArrayLeaf>]
  ) throws {
    switch original {
    case .value, .leaf:
      if noted(path, .leftOut) { return }
      let found = flat.removeValue(forKey: .string(steps.joined(separator: separator)))
      guard let found else { return problems.append("\(path) is gone") }
      try compareContent(original, found, path)
    default:
      let children = original.children
      if children.isEmpty, !steps.isEmpty, !noted(path, .emptyContainer) {
        problems.append("\(path): an empty container is gone")
      }
      if !children.isEmpty, !steps.isEmpty, !renumbers {
        problems.append("\(path): flattened, and nothing says so")
      }
      for (component, node) in children {
        let below = path.appending(component)
        if case .key(.integer) = component, !noted(below, .integerKey) {
          problems.append("\(below): an integer key became text")
        }
        try compareFlat(node, steps + [component.word], below, separator, &flat)
      }
    }
  }

  // MARK: Arrays and values

  private mutating func compareContent(
    _ original: Tree<ArrayLeaf>, _ found: Tree<ArrayLeaf>, _ path: TreePath
  ) throws {
    switch (original, found) {
    case (.value(let a), .value(let b)) where a == b: exact.insert(path.description)
    case (.leaf(let a), .leaf(let b)):
      let metadata = (try a.metadata, try b.metadata)
      if metadata.0.prngImplementation != metadata.1.prngImplementation, !noted(path, .randomKey) {
        problems.append("\(path): the mark of a random key is gone")
      }
      if metadata.0.sharding != metadata.1.sharding, !noted(path, .sharding) {
        problems.append("\(path): another sharding")
      }
      if noted(path, .dtype) { return }
      if try a.source.load() == b.source.load() {
        exact.insert(path.description)
      } else {
        problems.append(
          "\(path): \(metadata.0.dtype)\(metadata.0.shape) became \(metadata.1.dtype)"
            + "\(metadata.1.shape), or its elements changed")
      }
    case (.value, _) where noted(path, .scalar, .dtype, .structure): break
    default: problems.append("\(path): \(original.word) became \(found.word)")
    }
  }
}

extension Tree {
  /// Whether it is an array or a value.
  fileprivate var isContent: Bool {
    switch self {
    case .value, .leaf: true
    case .dict, .list, .tuple, .record: false
    }
  }

  /// The kind of the node.
  fileprivate var word: String {
    switch self {
    case .dict: "a dictionary"
    case .list: "a list"
    case .tuple: "a tuple"
    case .record: "a record"
    case .value(let value): "the value \(value)"
    case .leaf: "an array"
    }
  }
}

extension TreePath.Component {
  /// The step as text, unescaped.
  fileprivate var word: String {
    switch self {
    case .index(let index): String(index)
    case .key(.integer(let number)): String(number)
    case .key(.string(let text)), .field(let text): text
    }
  }
}
