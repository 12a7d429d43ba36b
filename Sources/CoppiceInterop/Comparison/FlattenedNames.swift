import CoppiceModel

/// Names that say the whole way to an array, as formats without nesting write them.
package struct FlattenedNames: Hashable, Sendable {
  /// Which of the two checkpoints has them.
  package enum Side: String, Sendable {
    case a, b
  }

  package var side: Side
  /// What stands between the steps of the way.
  package var separator: String
  /// A flat name, and the path that it is paired with.
  package var name: String
  package var path: String
}

extension FlattenedNames: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    "names of \(side == .a ? "A" : "B") are flattened: \(name.printable) is paired with "
      + path.printable
  }
}

/// The nodes of a nested tree by their joined names, where these are the keys of a flat one.
struct JoinedNames {
  struct Entry {
    var path: TreePath
    var name: String
    var node: Tree<ArrayLeaf>
  }

  /// What holds nothing else: arrays, values and empty containers, in the order of the tree.
  private(set) var entries: [Entry]
  let separator: String

  /// - Returns: `nil` unless one side is flat, the other nested, and a joined name is a flat one.
  init?(of nested: Tree<ArrayLeaf>, in flat: Tree<ArrayLeaf>) {
    guard let members = flat.members, !members.isSequence, nested.hasContainers,
      members.nodes.allSatisfy({ $0.node.members == nil })
    else { return nil }
    var keys: Set<TreeKey> = []
    for member in members.nodes { keys.insert(member.name) }
    var best: (count: Int, entries: [Entry], separator: String) = (0, [], "")
    for separator in [".", "/"] {
      guard members.nodes.contains(where: { $0.component.plainText.contains(separator) }) else {
        continue
      }
      var entries: [Entry] = []
      Self.collect(nested, TreePath(), separator, &entries)
      let names = Set(entries.map { TreeKey.string($0.name) })
      guard names.count == entries.count else { continue }
      let count = entries.count {
        $0.path.components.count > 1 && keys.contains(.string($0.name))
      }
      if count > best.count { best = (count, entries, separator) }
    }
    guard best.count > 0 else { return nil }
    (entries, separator) = (best.entries, best.separator)
  }

  private static func collect(
    _ node: Tree<ArrayLeaf>, _ path: TreePath, _ separator: String, _ entries: inout [Entry]
  ) {
    let children = node.children
    guard children.isEmpty else {
      for child in children {
        collect(child.node, path.appending(child.component), separator, &entries)
      }
      return
    }
    let name = path.components.map(\.plainText).joined(separator: separator)
    entries.append(Entry(path: path, name: name, node: node))
  }
}

extension Tree where Leaf == ArrayLeaf {
  fileprivate var hasContainers: Bool { children.contains { $0.node.members != nil } }
}

extension ComparisonWalk {
  /// Pairs what two trees hold by joined names, where one is flat and the other nested.
  ///
  /// - Returns: Whether that is so; otherwise nothing was compared.
  mutating func compareFlattened(
    _ a: Tree<ArrayLeaf>, _ b: Tree<ArrayLeaf>, at path: TreePath, in part: Difference.Place,
    isSelected: Bool
  ) -> Bool {
    let side: FlattenedNames.Side
    let names: JoinedNames
    if let found = JoinedNames(of: a, in: b) {
      (side, names) = (.b, found)
    } else if let found = JoinedNames(of: b, in: a) {
      (side, names) = (.a, found)
    } else {
      return false
    }
    var flat: [TreeKey: ContainerMembers.Member] = [:]
    let members = (side == .a ? a : b).members?.nodes ?? []
    for member in members { flat[member.name] = member }
    for entry in names.entries {
      let place = entry.path.components.reduce(path) { $0.appending($1) }
      let isChosen = isSelected || selects(ancestorsOf: entry.path, below: path)
      guard let other = flat.removeValue(forKey: .string(entry.name)) else {
        reportOnly(entry.node, inA: side == .b, at: place, in: part, isChosen)
        continue
      }
      if flattening == nil, entry.path.components.count > 1 {
        flattening = FlattenedNames(
          side: side, separator: names.separator, name: entry.name, path: place.description)
      }
      let (x, y) = side == .b ? (entry.node, other.node) : (other.node, entry.node)
      compare(x, y, at: place, in: part, isSelected: isChosen)
    }
    for member in members where flat[member.name] != nil {
      reportOnly(
        member.node, inA: side == .a, at: path.appending(member.component), in: part, isSelected)
    }
    return true
  }

  /// Whether a container on the way to a node is selected.
  private func selects(ancestorsOf path: TreePath, below root: TreePath) -> Bool {
    var place = root
    for component in path.components.dropLast() {
      place = place.appending(component)
      if options.selection.contains(where: { $0.matches(place) }) { return true }
    }
    return false
  }
}
