import CoppiceModel

/// A planner that turns the nodes of a tree into those of a file, and notes everything lost.
struct TreePlanner {
  private(set) var leaves: [HDF5TreePlan.Leaf] = []
  private(set) var notes: [ConversionNote] = []
  private let compresses: Bool

  /// Smaller arrays stay contiguous: the index of their chunk would take as much.
  private static let leastCompressed = 4096
  /// The most bytes of a chunk: libhdf5 caches one of this size by default.
  private static let chunkBytes = 1 << 20

  init(compresses: Bool) { self.compresses = compresses }

  /// Returns the node of the whole tree, which is always a group.
  mutating func root(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) -> OutputNode {
    switch tree {
    case .dict, .list, .tuple, .record: return try node(tree, at: TreePath()) ?? .group([])
    case .value, .leaf:
      note(
        .structure, "a file begins with a group: the only node is given the name value", TreePath())
      let node = try node(tree, at: TreePath())
      return .group(node.map { [OutputNode.Member(name: "value", node: $0)] } ?? [])
    }
  }

  private mutating func node(
    _ node: Tree<ArrayLeaf>, at path: TreePath
  ) throws(CoppiceError) -> OutputNode? {
    switch node {
    case .dict: return try group(node.children, at: path)
    case .list(let nodes):
      note(.structure, "a list of \(nodes.count) is written as a group", path)
      return try group(node.children, at: path)
    case .tuple(let nodes):
      note(.structure, "a tuple of \(nodes.count) is written as a group", path)
      return try group(node.children, at: path)
    case .record(let record):
      note(.structure, "a record of type \(record.type.printable) is written as a group", path)
      return try group(node.children, at: path)
    case .leaf(let leaf): return try array(leaf, at: path)
    case .value(let value): return try self.value(value, at: path)
    }
  }

  private mutating func group(
    _ children: [(component: TreePath.Component, node: Tree<ArrayLeaf>)], at path: TreePath
  ) throws(CoppiceError) -> OutputNode {
    var names: Set<TreeKey> = []
    var members: [OutputNode.Member] = []
    for (component, child) in children {
      let childPath = path.appending(component)
      let name = name(of: component, at: childPath)
      guard names.insert(.string(name)).inserted else {
        throw CoppiceError(
          .hdf5NameCollision,
          "two nodes would have the name \"\(name.printable)\" in one group of an HDF5 file",
          at: .init(treePath: childPath.description))
      }
      if let node = try node(child, at: childPath) {
        members.append(.init(name: name, node: node))
      }
    }
    return .group(members)
  }

  /// Returns the link's name: the key itself if HDF5 allows it.
  private mutating func name(of component: TreePath.Component, at path: TreePath) -> String {
    let text = notes.text(of: component, at: path)
    if !text.isEmpty, text != ".", !text.utf8.contains(0x2F), !text.utf8.contains(0) {
      return text
    }
    let name = component.escaped
    note(.structure, "the key can't be a name in HDF5; it is written as \"\(name)\"", path)
    return name
  }

  private mutating func array(
    _ leaf: ArrayLeaf, at path: TreePath
  ) throws(CoppiceError) -> OutputNode {
    notes.addOmissions(of: try leaf.metadata, at: path)
    return array(try leaf.source, at: path)
  }

  private mutating func array(_ source: any ArraySource, at path: TreePath) -> OutputNode {
    let element = OutputElement(of: source.dtype)
    if let message = element.note { note(.dtype, message, path) }
    // Integers narrower than a byte take one each, with sign extension.
    let written =
      element.dtype == source.dtype
      ? source
      : MappedBytesSource(signExtending: source)
        ?? ReinterpretedSource(source, dtype: element.dtype, shape: source.shape) ?? source
    leaves.append(.init(treePath: path, source: written))
    return .array(
      leaves.count - 1, shape: Self.extents(source.shape), element: element,
      chunk: chunk(of: written)
    )
  }

  /// Returns the extents of chunks that follow one another in C order; `nil` for an array that isn't
  /// compressed.
  private func chunk(of source: any ArraySource) -> [UInt64]? {
    guard compresses, source.shape.rank > 0, source.byteCount >= Self.leastCompressed else {
      return nil
    }
    return ContiguousSlabs(of: source.shape, width: source.dtype.width, limit: Self.chunkBytes)
      .bandShape.map { UInt64($0) }
  }

  private mutating func value(
    _ value: TreeValue, at path: TreePath
  ) throws(CoppiceError) -> OutputNode? {
    switch value {
    case .null: return .null
    case .int, .float, .bool, .complex:
      return try notes.scalarArray(of: value, at: path).map { array($0, at: path) }
    case .string(let text): return texts([Array(text.utf8)], areText: true, .scalar, path)
    case .bytes(let bytes):
      guard bytes.last == 0 else { return texts([bytes], areText: false, .scalar, path) }
      note(.dtype, "bytes that end with a NUL are written as an array of uint8", path)
      guard let shape = Shape([bytes.count]) else { return nil }
      return array(try NDArray(dtype: .uint8, shape: shape, bytes: bytes), at: path)
    case .stringArray(let array):
      if array.shape.rank == 0 {
        note(.scalar, "an array of texts without dimensions is written as its one text", path)
      }
      switch array.elements {
      case .strings(let strings):
        return texts(strings.map { Array($0.utf8) }, areText: true, array.shape, path)
      case .bytes(let bytes): return texts(bytes, areText: false, array.shape, path)
      }
    }
  }

  /// The maximum number of bytes of padded texts.
  private static let maximumPaddedBytes = 256 << 20

  private mutating func texts(
    _ texts: [[UInt8]], areText: Bool, _ shape: Shape, _ path: TreePath
  ) -> OutputNode? {
    if areText, !texts.contains(where: { $0.contains(0) }) {
      return .texts(texts, shape: Self.extents(shape))
    }
    let width = max(texts.lazy.map(\.count).max() ?? 0, 1)
    let (size, overflow) = width.multipliedReportingOverflow(by: texts.count)
    guard !overflow, size <= Self.maximumPaddedBytes else {
      note(
        .leftOut, "byte strings of so different lengths can't be written; they are left out", path)
      return nil
    }
    guard !texts.contains(where: { $0.last == 0 }) else {
      note(.leftOut, "a text that ends with a NUL can't be written; it is left out", path)
      return nil
    }
    if areText { note(.dtype, "a text that holds a NUL is written as bytes", path) }
    return .padded(texts, width: width, shape: Self.extents(shape))
  }

  private static func extents(_ shape: Shape) -> [UInt64] {
    shape.dimensions.map { UInt64($0) }
  }

  private mutating func note(
    _ kind: ConversionNote.Kind, _ message: String, _ path: TreePath
  ) {
    notes.append(ConversionNote(kind, message, treePath: path.description))
  }
}
