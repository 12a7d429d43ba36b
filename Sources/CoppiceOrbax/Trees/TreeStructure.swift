import CoppiceFiles
import CoppiceModel

/// The nodes on the paths of a tree's leaves, which are found by key without searching.
struct TreeStructure {
  /// One node: a leaf, or a container with its children.
  struct Node {
    /// The index of the leaf in the metadata.
    var entry: Int?
    /// Whether the children are indices; `nil` while there are none.
    var isSequence: Bool?
    /// The children in the order of the metadata, a sequence's in order of index.
    var children: [(name: String, node: Int)] = []
    /// The children by name.
    var index: [TreeKey: Int] = [:]
  }

  private(set) var nodes = [Node()]

  /// The value types of empty containers, which may have children after all.
  ///
  /// Partial saves cause that: a container may be empty in one save, and filled by the next.
  static let emptyTypes: Set<String> = ["None", "Dict", "List", "Tuple", "NamedTuple"]

  /// Arranges the leaves.
  ///
  /// - Throws: `orbax.structure` when two have the same path, one is below another, or a sequence
  ///   has gaps.
  init(_ entries: [TreeMetadata.Entry], file: String) throws(CoppiceError) {
    for (place, entry) in entries.enumerated() {
      var node = 0
      for key in entry.keys { node = try child(key, of: node, entry, file) }
      guard nodes[node].entry == nil else {
        throw Self.error("two leaves have the same path", entry, file)
      }
      nodes[node].entry = place
    }
    for node in nodes.indices where !nodes[node].children.isEmpty {
      if let place = nodes[node].entry {
        guard Self.emptyTypes.contains(entries[place].valueType) else {
          throw Self.error("the leaf has further leaves below it", entries[place], file)
        }
        nodes[node].entry = nil
      }
      if nodes[node].isSequence == true { try order(node, entries, file) }
    }
  }

  private mutating func child(
    _ key: TreeMetadata.Key, of node: Int, _ entry: TreeMetadata.Entry, _ file: String
  ) throws(CoppiceError) -> Int {
    if let isSequence = nodes[node].isSequence, isSequence != key.isIndex {
      throw Self.error("a container has both keys and indices", entry, file)
    }
    let name = TreeKey.string(key.name)
    if let known = nodes[node].index[name] { return known }
    nodes.append(Node())
    nodes[node].isSequence = key.isIndex
    nodes[node].children.append((key.name, nodes.count - 1))
    nodes[node].index[name] = nodes.count - 1
    return nodes.count - 1
  }

  /// Sorts a sequence's children; the indices must be 0, 1, … without a gap.
  private mutating func order(
    _ node: Int, _ entries: [TreeMetadata.Entry], _ file: String
  ) throws(CoppiceError) {
    var ordered: [(name: String, node: Int)] = []
    for place in nodes[node].children.indices {
      let name = String(place)
      guard let child = nodes[node].index[.string(name)] else {
        throw CoppiceError(
          .orbaxStructure,
          "a sequence has \(nodes[node].children.count) elements, but none with index \(name)",
          at: .init(file: file, treePath: path(of: node, entries)))
      }
      ordered.append((name, child))
    }
    nodes[node].children = ordered
  }

  /// Returns the path of a node for a message, cut from the path of a leaf below it.
  private func path(of node: Int, _ entries: [TreeMetadata.Entry]) -> String? {
    var below = node
    var levels = 0
    while nodes[below].entry == nil, let child = nodes[below].children.first?.node {
      below = child
      levels += 1
    }
    return nodes[below].entry.map { entries[$0].treePath(droppingLast: levels).description }
  }

  private static func error(
    _ message: String, _ entry: TreeMetadata.Entry, _ file: String
  ) -> CoppiceError {
    CoppiceError(
      .orbaxStructure, message + "; the metadata contradict themselves",
      at: .init(file: file, treePath: entry.treePath().description))
  }
}

extension TreeMetadata.Entry {
  /// Returns the path of the leaf, without its last `count` keys.
  func treePath(droppingLast count: Int = 0) -> TreePath {
    TreePath(
      keys.dropLast(count).map { key in
        if key.isIndex, let index = Int(key.name) { .index(index) } else { .key(.string(key.name)) }
      })
  }
}
