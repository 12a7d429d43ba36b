import CoppiceModel

/// An example of names that contain the whole path of an array, as formats without nesting write
/// them.
public struct FlattenedNames: Hashable, Sendable {
  /// The checkpoint with flat names.
  public enum Side: String, Sendable {
    case a, b
  }

  /// The side with flat names.
  public var side: Side
  /// The separator between the components of a path.
  public var separator: String
  /// A flat name, and the path that it is paired with.
  public var name: String
  /// The path that the flat name is paired with.
  public var path: String
}

extension FlattenedNames: CustomStringConvertible {
  /// The pairing in one line for people.
  public var description: String {
    "names of \(side == .a ? "A" : "B") are flattened: \(name.printable) is paired with "
      + path.printable
  }
}

/// The nodes of a nested tree under their joined names, which are the keys of a flat tree.
struct JoinedNames {
  struct Entry {
    var path: TreePath
    var name: String
    var node: Tree<ArrayLeaf>
  }

  /// Arrays, values and empty containers, in the order of the tree.
  private(set) var entries: [Entry]
  let separator: String

  /// - Returns: `nil` unless one tree is flat, the other is nested, and some joined name is a flat
  ///   key.
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
  /// Compares two trees by joined names, if one is flat and the other nested.
  ///
  /// - Returns: `false` if that isn't so, and nothing was compared.
  mutating func compareFlattened(
    _ a: Tree<ArrayLeaf>, _ b: Tree<ArrayLeaf>, at path: TreePath, in whole: Difference.Place,
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
        reportOnly(entry.node, inA: side == .b, at: place, in: whole, isChosen)
        continue
      }
      if flattening == nil, entry.path.components.count > 1 {
        flattening = FlattenedNames(
          side: side, separator: names.separator, name: entry.name, path: place.description)
      }
      let (x, y) = side == .b ? (entry.node, other.node) : (other.node, entry.node)
      compare(x, y, at: place, in: whole, isSelected: isChosen)
    }
    for member in members where flat[member.name] != nil {
      reportOnly(
        member.node, inA: side == .a, at: path.appending(member.component), in: whole, isSelected)
    }
    return true
  }

  /// Returns whether a container above a node is selected.
  private func selects(ancestorsOf path: TreePath, below root: TreePath) -> Bool {
    var place = root
    for component in path.components.dropLast() {
      place = place.appending(component)
      if options.selection.contains(where: { $0.matches(place) }) { return true }
    }
    return false
  }
}
