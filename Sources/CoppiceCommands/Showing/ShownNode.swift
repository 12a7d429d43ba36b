import Coppice
import CoppiceInterop

/// A leaf, value, document or file whose content is shown, or a fault in its place.
struct ShownNode {
  enum Content {
    case array(any ArraySource)
    case value(TreeValue)
    case json(JSON)
    case file(CheckpointFile)
    case fault(LeafFault)
  }

  var path: String
  var content: Content

  /// Collects what an address leads to, in the order of listings.
  ///
  /// - Throws: The errors of `CheckpointAddress.node`; `io.*`.
  static func all(
    of contents: CheckpointContents, at address: CheckpointAddress
  ) throws(CoppiceError) -> [ShownNode] {
    var nodes: [ShownNode] = []
    if let node = try address.node(in: contents) {
      try add(node.item, at: node.place.printable, to: &nodes)
      return nodes
    }
    switch contents.root {
    case .unnamed(let item): try add(item, at: "", to: &nodes)
    case .named(let items):
      for item in items { try add(item, at: item.name.printable, to: &nodes) }
    }
    return nodes
  }

  private static func add(
    _ item: NamedCheckpointable, at path: String, to nodes: inout [ShownNode]
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      try add(try item.value, at: path, to: &nodes)
    } catch {
      guard error.isDamage else { throw error }
      nodes.append(ShownNode(path: path, content: .fault(LeafFault(.damaged, error))))
    }
  }

  private static func add(
    _ item: Checkpointable, at path: String, to nodes: inout [ShownNode]
  ) throws(CoppiceError) {
    switch item {
    case .tree(let tree): add(tree, at: path, to: &nodes)
    case .json(let json): nodes.append(ShownNode(path: path, content: .json(json)))
    case .files(let files):
      for file in files {
        nodes.append(ShownNode(path: join(path, file.path.printable), content: .file(file)))
      }
    case .composite(let items):
      for item in items { try add(item, at: join(path, item.name.printable), to: &nodes) }
    }
  }

  private static func add(
    _ node: Tree<ArrayLeaf>, at path: String, to nodes: inout [ShownNode]
  ) {
    switch node {
    case .leaf(let leaf):
      do throws(CoppiceError) {
        nodes.append(ShownNode(path: path, content: .array(try leaf.source)))
      } catch {
        let fault = leaf.fault ?? LeafFault(.damaged, error)
        nodes.append(ShownNode(path: path, content: .fault(fault)))
      }
    case .value(let value): nodes.append(ShownNode(path: path, content: .value(value)))
    default:
      for child in node.children {
        add(child.node, at: join(path, child.component.escaped.printable), to: &nodes)
      }
    }
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : path + "/" + name
  }
}
