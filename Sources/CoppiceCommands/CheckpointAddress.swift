import CoppiceInterop
import CoppiceModel
import FileAccess
import SystemPackage

/// What a command is asked about: `PATH[:name[/tree/path]]`.
///
/// The longest existing path wins, so that names with colons stay reachable.
struct CheckpointAddress {
  var path: FilePath
  /// The checkpointable's name.
  var name: String?
  /// The escaped components of the path inside its tree.
  var tree: [String] = []

  init(_ text: String) {
    path = FilePath(text)
    if Self.exists(text) { return }
    var end = text.endIndex
    while let colon = text[..<end].lastIndex(of: ":") {
      let candidate = String(text[..<colon])
      if Self.exists(candidate) {
        path = FilePath(candidate)
        let rest = text[text.index(after: colon)...]
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        name = parts.first.flatMap { $0.isEmpty ? nil : $0 }
        tree = Array(parts.dropFirst()).filter { !$0.isEmpty }
        return
      }
      end = colon
    }
  }

  private static func exists(_ text: String) -> Bool {
    let path = FilePath(text)
    return (try? InputFile(opening: path)) != nil || (try? DirectoryHandle(opening: path)) != nil
  }

  /// The part of a checkpoint that is meant.
  ///
  /// - Throws: `usage.no-such-part`, `usage.tree-path`.
  func select(from contents: CheckpointContents) throws(CoppiceError) -> CheckpointContents {
    var contents = contents
    if let name, case .named(let items) = contents.root {
      contents.root = .named([.init(name, try narrow(try find(name, in: items)))])
    } else if case .unnamed(let item) = contents.root {
      try refuseName()
      contents.root = .unnamed(try narrow(item))
    }
    return contents
  }

  /// What a comparison looks at: the node itself, wherever in its tree it lies.
  ///
  /// - Throws: `usage.no-such-part`, `usage.tree-path`.
  func subject(of contents: CheckpointContents) throws(CoppiceError) -> ComparisonSubject {
    let item: Checkpointable
    switch contents.root {
    case .named(let items):
      guard let name else { return .checkpoint(contents) }
      item = try find(name, in: items)
    case .unnamed(let only):
      try refuseName()
      guard !tree.isEmpty else { return .checkpoint(contents) }
      item = only
    }
    guard case .tree(let root) = item else {
      return .part(item, name: name ?? "", path: TreePath())
    }
    let (path, node) = try descend(root)
    return .part(.tree(node), name: name ?? "", path: path)
  }

  private func refuseName() throws(CoppiceError) {
    guard name == nil else {
      throw CoppiceError(
        .usageNoSuchPart,
        "the checkpoint is one part without a name; write PATH:/tree/path, or PATH alone")
    }
  }

  private func find(
    _ name: String, in items: [NamedCheckpointable]
  ) throws(CoppiceError) -> Checkpointable {
    guard let item = items.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      let names = items.map { "\"\($0.name.printable)\"" }.joined(separator: ", ")
      throw CoppiceError(
        .usageNoSuchPart, "the checkpoint has no part \"\(name.printable)\"; it has \(names)")
    }
    return item.value
  }

  /// The node that the path inside the tree leads to.
  private func descend(
    _ root: Tree<ArrayLeaf>
  ) throws(CoppiceError) -> (path: TreePath, node: Tree<ArrayLeaf>) {
    var path = TreePath()
    var node = root
    for step in tree {
      guard
        let child = node.children.first(where: {
          $0.component.escaped.utf8.elementsEqual(step.utf8)
        })
      else {
        throw CoppiceError(
          .usageTreePath, "there is no such node",
          at: .init(treePath: tree.joined(separator: "/")))
      }
      path = path.appending(child.component)
      node = child.node
    }
    return (path, node)
  }

  /// A tree with only the node that is meant, so that paths stay those of the whole.
  private func narrow(_ item: Checkpointable) throws(CoppiceError) -> Checkpointable {
    guard !tree.isEmpty, case .tree(let root) = item else { return item }
    let (path, found) = try descend(root)
    var node = found
    for step in path.components.reversed() {
      switch step {
      case .key(let key): node = .dict([.init(key, node)])
      case .index(let index): node = .dict([.init(.integer(index), node)])
      case .field(let field): node = .dict([.init(.string(field), node)])
      }
    }
    return .tree(node)
  }
}
