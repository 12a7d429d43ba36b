import CoppiceFiles
import CoppiceFlax
import CoppiceModel

/// A builder of the tree that `_METADATA` describes.
struct OrbaxTreeBuilder {
  typealias Node = Tree<ArrayLeaf>

  let metadata: TreeMetadata
  let structure: TreeStructure
  let sources: LeafSources
  /// The file with the values of aggregated leaves; `nil` where there are none.
  let aggregate: AggregateFile?
  let file: String

  /// Returns the whole tree, with container kinds inferred from the flat list of leaves.
  func tree() throws(CoppiceError) -> Node {
    try node(0, TreePath(), aggregate?.root)
  }

  /// Returns the whole tree with the recorded container types.
  func tree(_ types: RichTypes) throws(CoppiceError) -> Node {
    try node(types, 0, TreePath(), aggregate?.root)
  }

  private func node(
    _ index: Int, _ path: TreePath, _ stored: MsgpackValue?
  ) throws(CoppiceError) -> Node {
    let node = structure.nodes[index]
    if let place = node.entry { return try leaf(metadata.entries[place], path, stored) }
    let values = stored?.children(node.children.map(\.name))
    var nodes: [Node] = []
    nodes.reserveCapacity(node.children.count)
    for (place, child) in node.children.enumerated() {
      let component: TreePath.Component =
        node.isSequence == true ? .index(place) : .key(.string(child.name))
      nodes.append(try self.node(child.node, path.appending(component), values?[place]))
    }
    if node.isSequence == true { return .list(nodes) }
    return .dict(zip(node.children, nodes).map { .init(.string($0.name), $1) })
  }

  private func node(
    _ types: RichTypes, _ index: Int, _ path: TreePath, _ stored: MsgpackValue?
  ) throws(CoppiceError) -> Node {
    switch types {
    case .leaf(let valueType):
      guard let place = structure.nodes[index].entry else {
        return try node(index, path, stored)
      }
      var entry = metadata.entries[place]
      // Without rich types an empty named tuple would be None.
      if valueType == "NamedTuple" { return .record(.init(type: valueType, fields: [])) }
      if TreeStructure.emptyTypes.contains(valueType) { entry.valueType = valueType }
      return try leaf(entry, path, stored)
    case .dict(let members):
      let nodes = try children(members, index, path, stored) { .key(.string($0)) }
      return .dict(zip(members, nodes).map { .init(.string($0.name), $1) })
    case .namedTuple(let type, let fields):
      let nodes = try children(fields, index, path, stored) { .field($0) }
      return .record(
        .init(type: type, fields: zip(fields, nodes).map { .init($0.name, $1) }))
    case .list(let elements):
      return .list(try children(Self.numbered(elements), index, path, stored) { Self.index($0) })
    case .tuple(let elements):
      return .tuple(try children(Self.numbered(elements), index, path, stored) { Self.index($0) })
    }
  }

  private func children(
    _ members: [(name: String, node: RichTypes)], _ index: Int, _ path: TreePath,
    _ stored: MsgpackValue?, _ component: (String) -> TreePath.Component
  ) throws(CoppiceError) -> [Node] {
    let values = stored?.children(members.map(\.name))
    var nodes: [Node] = []
    for (place, member) in members.enumerated() {
      guard let child = structure.nodes[index].index[.string(member.name)] else {
        throw CoppiceError(
          .orbaxStructure, "the recorded container types name a node that doesn't exist",
          at: .init(file: file, treePath: path.description))
      }
      let below = path.appending(component(member.name))
      nodes.append(try node(member.node, child, below, values?[place]))
    }
    return nodes
  }

  private static func numbered(_ elements: [RichTypes]) -> [(name: String, node: RichTypes)] {
    elements.enumerated().map { (String($0.offset), $0.element) }
  }

  private static func index(_ name: String) -> TreePath.Component {
    Int(name).map(TreePath.Component.index) ?? .field(name)
  }

  private func leaf(
    _ entry: TreeMetadata.Entry, _ path: TreePath, _ stored: MsgpackValue?
  ) throws(CoppiceError) -> Node {
    switch entry.valueType {
    case "None", "NamedTuple": return .value(.null)
    case "Dict": return .dict([])
    case "List": return .list([])
    case "Tuple": return .tuple([])
    default: break
    }
    let name = entry.parameterName
    do throws(CoppiceError) {
      if entry.isSkipped { return try aggregated(name, path, stored) }
      switch entry.valueType {
      case "string": return try sources.string(name, at: path)
      case "scalar": return try sources.scalar(name, at: path)
      default: return try sources.array(name, at: path)
      }
    } catch {
      return try .faulty(error, at: path)
    }
  }

  /// Returns a leaf whose value is in the msgpack file.
  private func aggregated(
    _ name: String, _ path: TreePath, _ stored: MsgpackValue?
  ) throws(CoppiceError) -> Node {
    guard let stored, let aggregate else {
      throw CoppiceError(
        .orbaxMissingValue,
        "the value should be in the msgpack file \"\(OrbaxName.aggregate)\" beside this one, but "
          + "isn't; the checkpoint is incomplete, so copy it again",
        at: .init(file: file, treePath: path.description))
    }
    return try aggregate.tree(of: stored, at: path, sources)
  }
}

extension RichTypes {
  /// Returns whether the types fit a structure, so that no leaf is lost or invented.
  func fits(_ structure: TreeStructure, at index: Int = 0) -> Bool {
    let node = structure.nodes[index]
    switch self {
    case .leaf: return node.children.isEmpty
    case .dict(let members), .namedTuple(_, let members):
      return members.count == node.children.count
        && members.allSatisfy { member in
          guard let child = node.index[.string(member.name)] else { return false }
          return member.node.fits(structure, at: child)
        }
    case .list(let elements), .tuple(let elements):
      return elements.count == node.children.count && node.isSequence == true
        && zip(elements, node.children).allSatisfy { $0.fits(structure, at: $1.node) }
    }
  }
}
