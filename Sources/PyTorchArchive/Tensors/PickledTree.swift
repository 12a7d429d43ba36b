import CoppiceModel

/// The tree that a pickle is of.
struct PickledTree {
  private let pickle: Unpickler
  private var sources: TensorSources

  /// What became a value of another kind.
  private(set) var warnings: [CoppiceError]

  /// Nodes that may still be made: a pickle can name one container many times over.
  private var budget: Int

  init(_ pickle: Unpickler, sources: TensorSources) {
    self.pickle = pickle
    self.sources = sources
    self.warnings = pickle.changes
    self.budget = pickle.limits.leaves
  }

  /// Makes the node of a value.
  ///
  /// - Throws: `pytorch.*` with the path of the node.
  mutating func node(_ value: PickleValue) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try node(value, at: TreePath())
  }

  private mutating func node(
    _ value: PickleValue, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard budget > 0, path.components.count <= pickle.limits.depth else {
      throw CoppiceError(
        .pytorchLimit,
        "the object has more than \(pickle.limits.leaves) values, or is nested more than "
          + "\(pickle.limits.depth) deep",
        at: .init(treePath: path.description))
    }
    budget -= 1
    switch value {
    case .container(let place): return try node(pickle.containers[place], at: path)
    case .tensor(let place):
      do throws(CoppiceError) {
        return .leaf(ArrayLeaf(try sources.source(of: pickle.tensors[place], in: pickle)))
      } catch {
        throw error.located(treePath: path.description)
      }
    default: return .value(try plain(value, at: path))
    }
  }

  private mutating func node(
    _ container: PickleContainer, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    if container.kind == .dict { return .dict(try entries(container.items, at: path)) }
    var nodes: [Tree<ArrayLeaf>] = []
    nodes.reserveCapacity(min(container.items.count, budget))
    for (index, item) in container.items.enumerated() {
      nodes.append(try node(item, at: path.appending(.index(index))))
    }
    if container.kind == .set { warn("a set is read as a list", path) }
    return container.kind == .tuple ? .tuple(nodes) : .list(nodes)
  }

  private mutating func entries(
    _ items: [PickleValue], at path: TreePath
  ) throws(CoppiceError) -> [Tree<ArrayLeaf>.Entry] {
    // Of a key that is given several times the last value counts, in the first place.
    var places: [TreeKey: Int] = [:]
    var entries: [Tree<ArrayLeaf>.Entry] = []
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      let key = try key(items[index], at: path)
      let node = try node(items[index + 1], at: path.appending(.key(key)))
      if let place = places[key] {
        entries[place].node = node
      } else {
        places[key] = entries.count
        entries.append(.init(key, node))
      }
    }
    return entries
  }

  private func key(_ value: PickleValue, at path: TreePath) throws(CoppiceError) -> TreeKey {
    switch value {
    case .integer(let number): return .integer(number)
    case .string(let text):
      guard text.utf8.count <= pickle.limits.componentBytes else {
        throw CoppiceError(
          .pytorchLimit,
          "a key has \(text.utf8.count) bytes; at most \(pickle.limits.componentBytes) are read",
          at: .init(treePath: path.description))
      }
      return .string(text)
    default:
      throw CoppiceError(
        .pytorchValue, "a key of a dictionary is neither a text nor an integer",
        at: .init(treePath: path.description))
    }
  }

  private mutating func plain(
    _ value: PickleValue, at path: TreePath
  ) throws(CoppiceError) -> TreeValue {
    switch value {
    case .none: return .none
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .int(IntegerText(number))
    case .large(let number): return .int(number)
    case .float(let number): return .float(Float64Bits(number))
    case .complex(let real, let imaginary):
      return .complex(real: Float64Bits(real), imaginary: Float64Bits(imaginary))
    case .string(let text): return .string(text)
    case .bytes(let bytes): return .bytes(bytes)
    case .global(.dtype(let name)):
      warn("an element type is read as the text of its name", path)
      return .string("torch." + name)
    case .global, .storage, .container, .tensor:
      throw CoppiceError(
        .pytorchValue,
        "the value is a function, a class or a bare storage, which a tree can't hold; leave it out when "
          + "saving",
        at: .init(treePath: path.description))
    }
  }

  private mutating func warn(_ message: String, _ path: TreePath) {
    warnings.append(
      CoppiceError(.pytorchChangedValue, message, at: .init(treePath: path.description)))
  }
}
