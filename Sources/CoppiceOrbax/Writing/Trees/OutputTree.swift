import CoppiceFiles
import CoppiceModel

/// A tree in Orbax's form: leaves under parameter names, with notes about content it can't
/// represent.
struct OutputTree: Sendable {
  private(set) var entries: [TreeMetadata.Entry] = []
  private(set) var arrays: [OutputArray] = []
  private(set) var strings: [(name: String, text: String)] = []
  private(set) var notes: [ConversionNote] = []
  /// The container types, if the flat list of leaves doesn't show them all.
  private(set) var richTypes: RichTypes?

  var usesDatabase: Bool { options.store == .database }
  var usesZarr3: Bool { options.usesZarr3 }

  private var hasRichTypes = false
  private var arrayNames: Set<TreeKey> = []
  private var stringNames: Set<TreeKey> = []
  private let options: OrbaxWriteOptions

  typealias Node = Tree<ArrayLeaf>
  private typealias Key = TreeMetadata.Key

  /// Flattens a tree.
  ///
  /// - Throws: `orbax.name-collision`, `orbax.unwritable-name`.
  init(_ tree: Node, options: OrbaxWriteOptions) throws(CoppiceError) {
    self.options = options
    let types = try add(tree, [], TreePath())
    if hasRichTypes { richTypes = types }
  }

  private mutating func add(
    _ node: Node, _ keys: [Key], _ path: TreePath
  ) throws(CoppiceError) -> RichTypes {
    switch node {
    case .leaf(let leaf): return try add(leaf, keys, path)
    case .value(let value): return try add(value, keys, path)
    case .dict(let entries):
      guard !entries.isEmpty else { return empty("Dict", keys) }
      var names: Set<TreeKey> = []
      var members: [(name: String, node: RichTypes)] = []
      for entry in entries {
        let below = path.appending(.key(entry.key))
        let name = notes.text(of: .key(entry.key), at: below)
        guard names.insert(.string(name)).inserted else { throw Self.collision(name, below) }
        let key = Key(name: name, isIndex: false)
        members.append((name, try add(entry.node, keys + [key], below)))
      }
      return .dict(members)
    case .list(let nodes):
      guard !nodes.isEmpty else { return empty("List", keys) }
      return .list(try add(nodes, keys, path))
    case .tuple(let nodes):
      hasRichTypes = true
      guard !nodes.isEmpty else {
        // Versions before 0.8 can't load a tree with the type "Tuple"; only the rich types show it.
        _ = empty("List", keys)
        return .leaf(valueType: "Tuple")
      }
      return .tuple(try add(nodes, keys, path))
    case .record(let record): return try add(record, keys, path)
    }
  }

  private mutating func add(
    _ nodes: [Node], _ keys: [Key], _ path: TreePath
  ) throws(CoppiceError) -> [RichTypes] {
    var types: [RichTypes] = []
    for (index, node) in nodes.enumerated() {
      let key = Key(name: String(index), isIndex: true)
      types.append(try add(node, keys + [key], path.appending(.index(index))))
    }
    return types
  }

  private mutating func add(
    _ record: Node.Record, _ keys: [Key], _ path: TreePath
  ) throws(CoppiceError) -> RichTypes {
    guard !record.fields.isEmpty else {
      note(.emptyContainer, "a record without fields is written as an empty dictionary", path)
      return empty("Dict", keys)
    }
    var members: [(name: String, node: RichTypes)] = []
    for field in record.fields {
      let key = Key(name: field.name, isIndex: false)
      members.append(
        (field.name, try add(field.node, keys + [key], path.appending(.field(field.name)))))
    }
    // Orbax makes a class of the record, and Python has rules for names.
    guard PythonText.isIdentifier(record.type),
      record.fields.allSatisfy({ PythonText.isIdentifier($0.name) })
    else {
      note(
        .structure,
        "a record with names that Python doesn't allow is written as a dictionary: "
          + record.type.printable, path)
      return .dict(members)
    }
    hasRichTypes = true
    return .namedTuple(type: record.type, members)
  }

  private mutating func empty(_ type: String, _ keys: [Key]) -> RichTypes {
    entries.append(.init(keys: keys, valueType: type, isSkipped: true))
    return .leaf(valueType: type)
  }

  // MARK: Leaves

  private mutating func add(
    _ leaf: ArrayLeaf, _ keys: [Key], _ path: TreePath
  ) throws(CoppiceError) -> RichTypes {
    let (source, message) = try OutputArray.writable(try leaf.source)
    if let message { note(.dtype, message, path) }
    var array = OutputArray(
      source, name: try name(keys, path), path: path, options,
      chunk: options.chunkShapes.flatMap { $0(path, source.shape) })
    let metadata = try leaf.metadata
    array.sharding = metadata.sharding
    array.randomKey = metadata.prngImplementation
    return try add(array, keys, valueType: "np.ndarray")
  }

  private mutating func add(
    _ value: TreeValue, _ keys: [Key], _ path: TreePath
  ) throws(CoppiceError) -> RichTypes {
    switch value {
    case .null:
      entries.append(.init(keys: keys, valueType: "None", isSkipped: true))
      return .leaf(valueType: "None")
    case .string(let text): return try add(text, keys, path)
    case .bytes(let bytes):
      note(.dtype, "bytes are written as an array of uint8", path)
      return try add(bytes, keys, path)
    case .stringArray(let texts):
      note(.structure, "an array of texts is written as lists of its elements", path)
      return try add(texts.nested, keys, path)
    case .int, .float, .bool, .complex:
      guard let number = try value.scalarArray() else {
        guard case .int(let integer) = value else { return .leaf(valueType: "None") }
        note(.scalar, "an integer beyond 64 bits is written as text", path)
        return try add(integer.text, keys, path)
      }
      let array = OutputArray(number, name: try name(keys, path), path: path, options)
      if case .complex = value {
        note(.scalar, "a complex number is written as an array of no dimensions", path)
        return try add(array, keys, valueType: "np.ndarray")
      }
      return try add(array, keys, valueType: "scalar")
    }
  }

  private mutating func add(
    _ text: String, _ keys: [Key], _ path: TreePath
  ) throws(CoppiceError) -> RichTypes {
    let name = try name(keys, path)
    guard stringNames.insert(.string(name)).inserted else { throw Self.collision(name, path) }
    guard Self.isPointer(name) else {
      throw CoppiceError(
        .orbaxUnwritableName,
        "Orbax can't load a string whose name, \"\(name.printable)\", has a \"~\" without 0 or 1 after it; "
          + "rename the node", at: .init(treePath: path.description))
    }
    strings.append((name, text))
    entries.append(.init(keys: keys, valueType: "string", isSkipped: false))
    return .leaf(valueType: "string")
  }

  private mutating func add(
    _ bytes: [UInt8], _ keys: [Key], _ path: TreePath
  ) throws(CoppiceError) -> RichTypes {
    guard let shape = Shape([bytes.count]) else { return .leaf(valueType: "None") }
    let array = try NDArray(dtype: .uint8, shape: shape, bytes: bytes)
    return try add(
      OutputArray(array, name: try name(keys, path), path: path, options), keys,
      valueType: "np.ndarray")
  }

  private mutating func add(
    _ array: OutputArray, _ keys: [Key], valueType: String
  ) throws(CoppiceError) -> RichTypes {
    guard arrayNames.insert(.string(array.name)).inserted else {
      throw Self.collision(array.name, array.path)
    }
    arrays.append(array)
    entries.append(.init(keys: keys, valueType: valueType, isSkipped: false))
    return .leaf(valueType: valueType)
  }

  // MARK: Names

  /// Returns the name that a leaf's data are stored under.
  private func name(_ keys: [Key], _ path: TreePath) throws(CoppiceError) -> String {
    let name = keys.map(\.name).joined(separator: ".")
    guard options.store == .directories else { return name }
    // Names become paths, so a name can't lead elsewhere or to Orbax's own files. TensorStore
    // treats a backslash as a slash.
    let first = (try? RelativePath(checking: name))?.components.first
    let isPath = first.map { !OrbaxName.isReservedInItem($0) } ?? false
    guard name.isEmpty || (isPath && !name.utf8.contains(0x5C)) else {
      throw CoppiceError(
        .orbaxUnwritableName,
        "\"\(name.printable)\" can't be the name of a directory; leave `layout` directories out, or "
          + "rename the node", at: .init(treePath: path.description))
    }
    return name
  }

  /// Returns whether a name is a JSON pointer without its first `/`.
  private static func isPointer(_ name: String) -> Bool {
    name.utf8.split(separator: 0x7E, omittingEmptySubsequences: false).dropFirst().allSatisfy {
      $0.first == 0x30 || $0.first == 0x31
    }
  }

  private static func collision(_ name: String, _ path: TreePath) -> CoppiceError {
    CoppiceError(
      .orbaxNameCollision,
      "Orbax would store two leaves under the name \"\(name.printable)\" and lose one; rename one of "
        + "them", at: .init(treePath: path.description))
  }

  private mutating func note(_ kind: ConversionNote.Kind, _ message: String, _ path: TreePath) {
    notes.append(ConversionNote(kind, message, treePath: path.description))
  }
}

extension TextArray {
  /// The elements in lists of lists that have the array's extents.
  fileprivate var nested: Tree<ArrayLeaf> {
    var nodes: [Tree<ArrayLeaf>] =
      switch elements {
      case .strings(let texts): texts.map { .value(.string($0)) }
      case .bytes(let texts): texts.map { .value(.bytes($0)) }
      }
    guard shape.elementCount > 0 else { return .list([]) }
    for extent in shape.dimensions.reversed() {
      nodes = stride(from: 0, to: nodes.count, by: extent).map { start in
        .list(Array(nodes[start..<(start + extent)]))
      }
    }
    return nodes.first ?? .list([])
  }
}
