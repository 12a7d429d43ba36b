import CoppiceModel

/// The pairs of children, of a requested container and a saved one, that belong together.
struct ChildPairing {
  /// The index of the saved child for each requested one, or `nil`.
  private(set) var partners: [Int?]
  /// The saved children that the request doesn't have.
  private(set) var unpaired: [Int] = []

  init(
    _ asked: [TreePath.Component], with saved: [TreePath.Component],
    _ containers: TreeLoadOptions.Containers
  ) {
    // The common case: the same names in the same order.
    guard asked != saved else {
      partners = Array(asked.indices)
      return
    }
    partners = Array(repeating: nil, count: asked.count)
    var isPaired = [Bool](repeating: false, count: saved.count)
    let places = Dictionary(zip(saved, saved.indices), uniquingKeysWith: { first, _ in first })
    for (index, component) in asked.enumerated() {
      guard let place = places[component], !isPaired[place] else { continue }
      partners[index] = place
      isPaired[place] = true
    }
    if containers == .lenient {
      // Pair by name alone, where only one unpaired saved child has the name.
      var names: [TreeKey: Int?] = [:]
      for place in saved.indices where !isPaired[place] {
        let name = saved[place].name
        names[name] = names[name] == nil ? place : .some(nil)
      }
      for index in asked.indices where partners[index] == nil {
        guard case .some(.some(let place)) = names[asked[index].name], !isPaired[place] else {
          continue
        }
        partners[index] = place
        isPaired[place] = true
      }
    }
    unpaired = saved.indices.filter { !isPaired[$0] }
  }
}

extension TreePath.Component {
  /// The name without its kind: an index, an integer key and a string key with the same digits are
  /// equal.
  fileprivate var name: TreeKey {
    switch self {
    case .index(let number), .key(.integer(let number)): .string(String(number))
    case .key(.string(let text)), .field(let text): .string(text)
    }
  }
}

extension Tree {
  /// Tells whether the node is a container.
  var isContainer: Bool {
    switch self {
    case .dict, .list, .tuple, .record: true
    case .value, .leaf: false
    }
  }

  /// Tells whether the node is a container without children.
  var isEmptyContainer: Bool { isContainer && children.isEmpty }

  /// The word for the node in messages.
  var kindName: String {
    switch self {
    case .dict: "a dictionary"
    case .list: "a list"
    case .tuple: "a tuple"
    case .record(let record): "a record \(record.type.printable)"
    case .value(let value): ValueKind(value).name
    case .leaf: "an array"
    }
  }
}
