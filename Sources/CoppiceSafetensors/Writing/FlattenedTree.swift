import CoppiceFiles
import CoppiceModel

/// A tree as the format can say it: arrays under flat names, and notes of all that was lost.
struct FlattenedTree {
  /// The arrays in the order of the tree.
  private(set) var tensors: [OutputTensor] = []
  private(set) var notes: [ConversionNote] = []

  private var names: Set<TreeKey> = []
  private var nestedContainers = 0

  /// Flattens a tree: the names are the keys on the way joined by dots.
  ///
  /// - Throws: `safetensors.name-collision`, `safetensors.reserved-name`.
  init(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) {
    switch tree {
    case .dict(let entries):
      for entry in entries {
        try add(entry.node, named: [entry.key.text], at: TreePath([.key(entry.key)]))
      }
    case .leaf, .value:
      try add(tree, named: [], at: TreePath())
      if !tensors.isEmpty { note(.structure, "the only array is given an empty name", TreePath()) }
    case .list, .tuple, .record: try add(tree, named: [], at: TreePath())
    }
    if nestedContainers > 0 {
      let message =
        nestedContainers == 1
        ? "names are flat: 1 container became a part of names, joined by dots"
        : "names are flat: \(nestedContainers) containers became parts of names, joined by dots"
      notes.insert(ConversionNote(.structure, message), at: 0)
    }
  }

  private mutating func add(
    _ node: Tree<ArrayLeaf>, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    if case .key(.integer(let key))? = path.components.last {
      note(.integerKey, "the integer key \(key) is written as text", path)
    }
    switch node {
    case .leaf(let leaf): try add(leaf, named: steps, at: path)
    case .value(let value): try add(value, named: steps, at: path)
    case .dict, .list, .tuple, .record:
      let children = node.children
      guard !children.isEmpty else {
        note(.emptyContainer, "an empty container has no arrays; it is left out", path)
        return
      }
      nestedContainers += 1
      for (component, child) in children {
        try add(child, named: steps + [component.text], at: path.appending(component))
      }
    }
  }

  private mutating func add(
    _ leaf: ArrayLeaf, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    let metadata = try leaf.metadata
    if let implementation = metadata.prngImplementation {
      note(
        .randomKey,
        "the data of a random key are written; that they are one of \(implementation.printable) is "
          + "not", path)
    }
    if metadata.sharding != nil { note(.sharding, "the sharding is left out", path) }
    try add(try leaf.source, named: steps, at: path)
  }

  private mutating func add(
    _ value: TreeValue, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    switch value {
    case .null: note(.leftOut, "None can't be written; it is left out", path)
    case .string: note(.leftOut, "a string can't be written; it is left out", path)
    case .bytes: note(.leftOut, "bytes can't be written; they are left out", path)
    case .stringArray: note(.leftOut, "an array of texts can't be written; it is left out", path)
    case .int, .float, .bool, .complex:
      guard let array = try value.scalarArray() else {
        note(.leftOut, "an integer beyond 64 bits can't be written; it is left out", path)
        return
      }
      note(.scalar, "a number is written as an array of no dimensions", path)
      try add(array, named: steps, at: path)
    }
  }

  private mutating func add(
    _ source: any ArraySource, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    let name = steps.joined(separator: ".")
    guard !name.utf8.elementsEqual(Header.metadataName.utf8) else {
      throw CoppiceError(
        .safetensorsReservedName,
        "safetensors keeps the name \(name) for metadata; an array can't have it",
        at: .init(treePath: path.description))
    }
    guard names.insert(.string(name)).inserted else {
      throw CoppiceError(
        .safetensorsNameCollision,
        "two arrays would have the name \"\(name.printable)\" in a safetensors file",
        at: .init(treePath: path.description))
    }
    guard let (tensor, message) = OutputTensor.of(source, named: name, at: path) else {
      throw CoppiceError(
        .safetensorsShapeOverflow, "the array's size overflows 64 bits",
        at: .init(treePath: path.description))
    }
    if let message { note(.dtype, message, path) }
    tensors.append(tensor)
  }

  private mutating func note(_ kind: ConversionNote.Kind, _ message: String, _ path: TreePath) {
    notes.append(ConversionNote(kind, message, treePath: path.description))
  }
}

extension TreeKey {
  /// The key as a part of a name.
  fileprivate var text: String {
    switch self {
    case .string(let text): text
    case .integer(let number): String(number)
    }
  }
}

extension TreePath.Component {
  /// The step as a part of a name.
  fileprivate var text: String {
    switch self {
    case .key(let key): key.text
    case .index(let index): String(index)
    case .field(let name): name
    }
  }
}
