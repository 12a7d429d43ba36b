import CoppiceModel

extension TreeDecoder {
  /// A node that has one path in the tree and another one in the type.
  public struct Rename: Hashable, Sendable {
    /// The path in the tree, spelled as paths are printed, such as `model/batch_stats`.
    public var old: String
    /// The path in the type.
    public var new: String

    /// Makes a rename; it has no effect if the tree has no node at the old path.
    public init(_ old: String, to new: String) {
      self.old = old
      self.new = new
    }
  }
}

/// A tree with moved nodes, and a record of their moves.
struct NodeMoves {
  private(set) var tree: Tree<NDArray>
  private var moves: [(old: TreePath, new: TreePath)] = []

  init(_ tree: Tree<NDArray>) { self.tree = tree }

  /// Moves a node.
  ///
  /// - Throws: `state.coding` when the new path is taken or can't be created.
  mutating func apply(_ rename: TreeDecoder.Rename) throws(CoppiceError) {
    var (rest, oldPath) = (tree, TreePath())
    guard let node = rest.remove(Self.names(rename.old), &oldPath) else { return }
    var newPath = TreePath()
    guard rest.insert(node, Self.names(rename.new), &newPath) else {
      throw CoppiceError(
        .stateCoding,
        "\(rename.old.printable) can't become \(rename.new.printable): that is taken, or lies in "
          + "something other than a dictionary or record",
        at: .init(treePath: rename.old))
    }
    tree = rest
    moves.append((oldPath, newPath))
  }

  private static func names(_ path: String) -> ArraySlice<Substring> {
    path.split(separator: "/", omittingEmptySubsequences: false)[...]
  }

  /// Returns the path that a node had before the moves.
  func original(_ path: TreePath) -> TreePath {
    var components = path.components
    for move in moves.reversed() where components.starts(with: move.new.components) {
      components.replaceSubrange(..<move.new.components.count, with: move.old.components)
    }
    return TreePath(components)
  }
}

extension Tree where Leaf == NDArray {
  /// Removes the node at a path from its container; returns `nil` if there is none.
  fileprivate mutating func remove(
    _ names: ArraySlice<Substring>, _ path: inout TreePath
  ) -> Tree? {
    guard let name = names.first,
      let position = children.firstIndex(where: { $0.component.escaped == name })
    else { return nil }
    let child = children[position]
    path = path.appending(child.component)
    let rest = names.dropFirst()
    if rest.isEmpty {
      guard remove(at: position) else { return nil }
      return child.node
    }
    var node = child.node
    guard let removed = node.remove(rest, &path) else { return nil }
    replace(at: position, with: node)
    return removed
  }

  /// Inserts a node at a free path, creating dictionaries on the way; returns `false` if it can't.
  fileprivate mutating func insert(
    _ node: Tree, _ names: ArraySlice<Substring>, _ path: inout TreePath
  ) -> Bool {
    guard let name = names.first else { return false }
    let rest = names.dropFirst()
    if let position = children.firstIndex(where: { $0.component.escaped == name }) {
      let child = children[position]
      path = path.appending(child.component)
      var inner = child.node
      guard !rest.isEmpty, inner.insert(node, rest, &path) else { return false }
      replace(at: position, with: inner)
      return true
    }
    guard let key = TreeKey(escaped: String(name)) else { return false }
    var inner = node
    switch self {
    case .dict(var entries):
      path = path.appending(.key(key))
      if !rest.isEmpty {
        inner = .dict([])
        guard inner.insert(node, rest, &path) else { return false }
      }
      entries.append(.init(key, inner))
      self = .dict(entries)
    case .record(var record):
      guard case .string(let field) = key else { return false }
      path = path.appending(.field(field))
      if !rest.isEmpty {
        inner = .dict([])
        guard inner.insert(node, rest, &path) else { return false }
      }
      record.fields.append(.init(field, inner))
      self = .record(record)
    default: return false
    }
    return true
  }

  /// Removes an entry or field; returns `false` for an element, because removing it would shift the
  /// others.
  private mutating func remove(at position: Int) -> Bool {
    switch self {
    case .dict(var entries):
      entries.remove(at: position)
      self = .dict(entries)
    case .record(var record):
      record.fields.remove(at: position)
      self = .record(record)
    default: return false
    }
    return true
  }

  /// Replaces a child with another node.
  mutating func replace(at position: Int, with node: Tree) {
    switch self {
    case .dict(var entries):
      entries[position].node = node
      self = .dict(entries)
    case .record(var record):
      record.fields[position].node = node
      self = .record(record)
    case .list(var nodes):
      nodes[position] = node
      self = .list(nodes)
    case .tuple(var nodes):
      nodes[position] = node
      self = .tuple(nodes)
    case .value, .leaf: break
    }
  }
}
