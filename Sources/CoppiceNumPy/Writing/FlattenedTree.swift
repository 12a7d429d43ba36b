import CoppiceFiles
import CoppiceModel
import CoppiceZip

/// A tree as an archive can say it: arrays under flat names, and notes of all that was lost.
struct FlattenedTree {
  /// One array: its name, the way to it, the header and the elements.
  struct Array {
    var name: String
    var treePath: TreePath
    var header: [UInt8]
    var source: any ArraySource
  }

  private(set) var arrays: [Array] = []
  private(set) var notes: [ConversionNote] = []
  private var names: Set<TreeKey> = []
  private var nestedContainers = 0

  /// Flattens a tree: the names are the keys on the way joined by `/`.
  ///
  /// - Throws: `npz.name-collision`, `npy.shape`, `zip.name`.
  init(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) {
    switch tree {
    case .dict(let entries):
      for entry in entries {
        try add(entry.node, named: [entry.key.text], at: TreePath([.key(entry.key)]))
      }
    case .leaf, .value:
      // What `numpy.savez` calls an array that was given no name.
      try add(tree, named: ["arr_0"], at: TreePath())
      if !arrays.isEmpty { note(.structure, "the only array is given the name arr_0", TreePath()) }
    case .list, .tuple, .record: try add(tree, named: [], at: TreePath())
    }
    if nestedContainers > 0 {
      let message =
        nestedContainers == 1
        ? "names are flat: 1 container became a part of names, joined by /"
        : "names are flat: \(nestedContainers) containers became parts of names, joined by /"
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
    case .string(let text):
      try add(TextArray(shape: .scalar, elements: .strings([text])), "a string", steps, path)
    case .bytes(let bytes):
      try add(TextArray(shape: .scalar, elements: .bytes([bytes])), "a byte string", steps, path)
    case .stringArray(let texts): try add(texts, nil, steps, path)
    case .int, .float, .bool, .complex:
      guard let array = try value.scalarArray() else {
        note(.leftOut, "an integer beyond 64 bits can't be written; it is left out", path)
        return
      }
      note(.scalar, "a number is written as an array of no dimensions", path)
      try add(array, named: steps, at: path)
    }
  }

  /// Adds texts; `scalar` is what they are called where they were no array.
  private mutating func add(
    _ texts: TextArray?, _ scalar: String?, _ steps: [String], _ path: TreePath
  ) throws(CoppiceError) {
    guard let texts, let elements = TextElements(texts) else {
      note(
        .leftOut, "a text that ends in zeros, or is too long, can't be written; it is left out",
        path)
      return
    }
    if let scalar { note(.scalar, "\(scalar) is written as an array of no dimensions", path) }
    guard let count = Shape([elements.bytes.count]) else { return }
    let bytes = try NDArray(dtype: .uint8, shape: count, bytes: elements.bytes)
    try add(bytes, elements.descr, elements.shape, named: steps, at: path)
  }

  private mutating func add(
    _ source: any ArraySource, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    guard let elements = WritableElements(source) else {
      throw CoppiceError(
        .npyShape, "the array's size overflows 64 bits", at: .init(treePath: path.description))
    }
    if let message = elements.note { note(.dtype, message, path) }
    try add(elements.source, elements.descr, source.shape, named: steps, at: path)
  }

  private mutating func add(
    _ source: any ArraySource, _ descr: String, _ shape: Shape, named steps: [String],
    at path: TreePath
  ) throws(CoppiceError) {
    let name = steps.joined(separator: "/")
    do throws(CoppiceError) {
      try StoredZip.check(name: name + NumPyFormat.arraySuffix)
    } catch {
      throw error.located(treePath: path.description)
    }
    guard names.insert(.string(name)).inserted else {
      throw CoppiceError(
        .npzNameCollision, "two arrays would have the name \"\(name.printable)\" in an npz file",
        at: .init(treePath: path.description))
    }
    arrays.append(
      Array(
        name: name, treePath: path, header: NpyHeader.encode(descr: descr, shape: shape),
        source: source))
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
