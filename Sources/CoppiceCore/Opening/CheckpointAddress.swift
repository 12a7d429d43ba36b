import CoppiceFiles
public import CoppiceModel
public import SystemPackage

/// The address of a checkpoint, or of something inside one: `PATH[:name[/tree/path]]`.
///
/// The longest existing path wins, so that names with colons stay reachable. The rest has the form
/// that listings print: the name of a checkpointable, names inside composites, then the path of a
/// node or file. It has no name where the checkpoint is a single checkpointable without one.
public struct CheckpointAddress: Sendable {
  /// The path of the checkpoint or run.
  public var path: FilePath

  /// The components after the colon: a name first, unless the checkpointable has none.
  public var components: [String] = []

  /// Parses an address; it looks which paths exist.
  public init(_ text: String) {
    path = FilePath(text)
    // The address of a bucket, such as "gs://…", isn't split into a file "gs" and a name.
    let isRemote = path.components.first.map { text.hasPrefix($0.string + "//") } ?? false
    if path.address != nil && isRemote || Self.exists(text) { return }
    var end = text.endIndex
    while let colon = text[..<end].lastIndex(of: ":") {
      let candidate = String(text[..<colon])
      if Self.exists(candidate) {
        path = FilePath(candidate)
        components = text[text.index(after: colon)...].split(separator: "/").map(String.init)
        return
      }
      end = colon
    }
  }

  private static func exists(_ text: String) -> Bool {
    let path = FilePath(text)
    return (try? InputFile(opening: path)) != nil || (try? DirectoryHandle(opening: path)) != nil
  }

  /// Whether the address is that of a whole checkpoint or run.
  public var isWhole: Bool { components.isEmpty }
}

/// The node, file or checkpointable to which an address leads.
public struct AddressedNode: Sendable {
  /// The name of the checkpointable, after those of the composites around it; empty where it has none.
  package var name: String
  /// The path of the node inside its tree; empty for the whole checkpointable.
  package var path: TreePath
  /// The checkpointable, with the node as its root.
  public var item: NamedCheckpointable

  /// The name and the path as listings print them.
  public var place: String {
    [name, path.description].filter { !$0.isEmpty }.joined(separator: "/")
  }
}

extension CheckpointAddress {
  /// Returns the checkpoint with only the node to which the address leads.
  ///
  /// A node becomes the root of its tree.
  ///
  /// - Throws: `usage.no-such-checkpointable`, `usage.tree-path`; the fault of a checkpointable on the way.
  package func select(from contents: CheckpointContents) throws(CoppiceError) -> CheckpointContents
  {
    guard let node = try node(in: contents) else { return contents }
    var selected = contents
    if case .unnamed = contents.root {
      selected.root = .unnamed(try node.item.value)
    } else {
      selected.root = .named([node.item])
    }
    return selected
  }

  /// Returns the node to which the address leads; `nil` when that is the whole checkpoint.
  ///
  /// Only the checkpointables on the way are opened.
  ///
  /// - Throws: `usage.no-such-checkpointable`, `usage.tree-path`; the fault of a checkpointable on the way.
  public func node(in contents: CheckpointContents) throws(CoppiceError) -> AddressedNode? {
    guard let first = components.first else { return nil }
    switch contents.root {
    case .unnamed(let item): return try descend(components[...], NamedCheckpointable("", item), "")
    case .named:
      let item = try CheckpointableChoice.find(first, in: contents)
      return try descend(components.dropFirst(), item, item.name)
    }
  }

  private func descend(
    _ rest: ArraySlice<String>, _ item: NamedCheckpointable, _ name: String
  ) throws(CoppiceError) -> AddressedNode {
    guard let first = rest.first else {
      return AddressedNode(name: name, path: TreePath(), item: item)
    }
    switch try item.listed.value {
    case .composite(let items):
      guard let inner = items.first(where: { $0.name.utf8.elementsEqual(first.utf8) }) else {
        throw .noChild(first, of: name, among: items.map(\.name))
      }
      return try descend(rest.dropFirst(), inner, name + "/" + inner.name)
    case .tree(let tree):
      let (path, node) = try tree.descend(rest, from: name)
      return AddressedNode(name: name, path: path, item: .init(item.name, .tree(node)))
    case .files(let files):
      let path = rest.joined(separator: "/")
      let found = files.filter {
        $0.path.utf8.elementsEqual(path.utf8) || $0.path.utf8.starts(with: (path + "/").utf8)
      }
      guard !found.isEmpty else { throw .noChild(path, of: name, among: files.map(\.path)) }
      return AddressedNode(name: name, path: TreePath(), item: .init(item.name, .files(found)))
    case .json:
      throw CoppiceError(
        .usageTreePath,
        "\"\(name.printable)\" is a JSON value, which has no nodes; leave "
          + "\"/\(rest.joined(separator: "/").printable)\" out")
    }
  }
}
