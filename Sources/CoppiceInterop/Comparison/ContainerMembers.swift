import CoppiceModel

/// The children of a container under names that can be paired with another container's.
///
/// A field is paired with the dictionary key of its name: formats without records write
/// dictionaries.
struct ContainerMembers {
  struct Member {
    var name: TreeKey
    var component: TreePath.Component
    var node: Tree<ArrayLeaf>
  }

  var isSequence: Bool
  var nodes: [Member]
}

extension Tree where Leaf == ArrayLeaf {
  /// The children of a container; `nil` for a value or an array.
  var members: ContainerMembers? {
    let isSequence: Bool
    switch self {
    case .dict, .record: isSequence = false
    case .list, .tuple: isSequence = true
    case .value, .leaf: return nil
    }
    return ContainerMembers(
      isSequence: isSequence,
      nodes: children.map { child in
        let name: TreeKey =
          switch child.component {
          case .key(let key): key
          case .index(let index): .integer(index)
          case .field(let name): .string(name)
          }
        return .init(name: name, component: child.component, node: child.node)
      })
  }

  var kindName: String {
    switch self {
    case .dict: "dict"
    case .list: "list"
    case .tuple: "tuple"
    case .record: "record"
    case .value: "value"
    case .leaf: "array"
    }
  }

  /// A description of the node in a few words.
  var summary: String {
    switch self {
    case .leaf(let leaf): return leaf.summary
    case .value(let value): return ValueComparison.text(value)
    default:
      let count = children.count
      guard count > 0 else { return "an empty \(kindName)" }
      let arrays = leafCount
      return "a \(kindName) of \(count)"
        + (arrays > 0 ? " with \(arrays) array\(arrays == 1 ? "" : "s")" : "")
    }
  }
}

extension ArrayLeaf {
  /// The dtype and shape, or the fault.
  var summary: String {
    guard let fault else { return (try? metadata)?.text ?? "an array" }
    return "\(fault.kind.rawValue): \(fault.error.message)"
  }
}

extension ArrayMetadata {
  /// The dtype and shape.
  var text: String { "\(dtype) \(shape)" }
}

extension NamedCheckpointable {
  /// A description of the kind in a few words.
  var kindSummary: String {
    switch kind {
    case .tree?: "a tree"
    case .json?: "a JSON value"
    case .files?: "files"
    case .composite?: "a composite"
    case nil: "a checkpointable"
    }
  }
}

extension Checkpointable {
  /// A description of the checkpointable in a few words.
  var summary: String {
    switch self {
    case .tree(let tree): return "a tree: " + tree.summary
    case .json: return "a JSON value"
    case .files(let files): return "\(files.count) file\(files.count == 1 ? "" : "s")"
    case .composite(let items):
      return "a composite of \(items.count) checkpointable\(items.count == 1 ? "" : "s")"
    }
  }
}
