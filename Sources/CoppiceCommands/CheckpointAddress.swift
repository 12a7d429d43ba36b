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
      guard let item = items.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        let names = items.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw CoppiceError(
          .usageNoSuchPart, "the checkpoint has no part \"\(name)\"; it has \(names)")
      }
      contents.root = .named([.init(name, try narrow(item.value))])
    } else if case .unnamed(let item) = contents.root {
      guard name == nil else {
        throw CoppiceError(
          .usageNoSuchPart,
          "the checkpoint is one part without a name; write PATH:/tree/path, or PATH alone")
      }
      contents.root = .unnamed(try narrow(item))
    }
    return contents
  }

  private func narrow(_ item: Checkpointable) throws(CoppiceError) -> Checkpointable {
    guard !tree.isEmpty, case .tree(var node) = item else { return item }
    var rest = tree[...]
    // Nested keys of the answer, so that paths stay those of the whole tree.
    var steps: [TreePath.Component] = []
    while let name = rest.popFirst() {
      guard
        let child = node.children.first(where: {
          $0.component.escaped.utf8.elementsEqual(name.utf8)
        })
      else {
        throw CoppiceError(
          .usageTreePath, "there is no such node",
          at: .init(treePath: tree.joined(separator: "/")))
      }
      steps.append(child.component)
      node = child.node
    }
    for step in steps.reversed() {
      switch step {
      case .key(let key): node = .dict([.init(key, node)])
      case .index(let index): node = .dict([.init(.integer(index), node)])
      case .field(let field): node = .dict([.init(.string(field), node)])
      }
    }
    return .tree(node)
  }
}
