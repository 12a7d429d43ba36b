import CoppiceModel

/// The tree of a pickle's value.
struct PickledTree {
  private let pickle: Unpickler
  private var sources: TensorSources
  /// The file of the pickle, for messages.
  private let file: String

  /// The warnings about values that were changed to another kind.
  private(set) var warnings: [CoppiceError] = []

  /// The number of nodes that may still be made: a pickle can refer to one container many times.
  private var budget: Int

  /// The dictionaries with keys that no tree can have.
  private var oddDictionaries: Set<Int> = []

  /// The containers that contain the node being made.
  private var around: Set<Int> = []

  init(_ pickle: Unpickler, sources: TensorSources, file: String) {
    self.pickle = pickle
    self.sources = sources
    self.file = file
    self.budget = pickle.limits.leaves
  }

  /// Returns the node of a value; a value that no tree can hold becomes a leaf with a fault.
  ///
  /// - Throws: `pytorch.*` with the path of the node.
  mutating func node(_ value: PickleValue) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try node(value, at: TreePath())
  }

  mutating func node(
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
    case .container(let place): return try node(container: place, at: path)
    case .tensor(let place): return try node(tensor: pickle.tensors[place], at: path)
    case .none: return .value(.null)
    case .bool(let flag): return .value(.bool(flag))
    case .integer(let number): return .value(.int(IntegerText(number)))
    case .large(let number): return .value(.int(number))
    case .float(let number): return .value(.float(Float64Bits(number)))
    case .complex(let real, let imaginary):
      return .value(.complex(real: Float64Bits(real), imaginary: Float64Bits(imaginary)))
    case .string(let text): return .value(.string(text))
    case .bytes(let bytes): return .value(.bytes(bytes))
    case .device(let name):
      warn("a device is read as the text of its name", path)
      return .value(.string(name))
    case .global(.dtype(let name)):
      warn("an element type is read as the text of its name", path)
      return .value(.string("torch." + name))
    case .global(let global): return faulty(ForeignValue(kind: .name, text: global.name), at: path)
    case .foreign(let place): return faulty(pickle.foreignValues[place], at: path)
    case .name(let place):
      return faulty(ForeignValue(kind: .name, text: pickle.names[place]), at: path)
    case .object(let place):
      let type = pickle.names[pickle.objects[place].type]
      if let kind = PickleGlobal.tensorKinds[type] {
        let remedy = "convert it in torch first"
        return faulty(ForeignValue(kind: .tensor, text: kind, remedy: remedy), at: path)
      }
      return faulty(ForeignValue(kind: .object, text: type), at: path)
    case .storage:
      let remedy = "save a tensor that is a view of it"
      return faulty(.init(kind: .value, text: "a bare storage", remedy: remedy), at: path)
    }
  }

  /// Returns a leaf with a fault for a value that no tree can hold.
  private func faulty(_ value: ForeignValue, at path: TreePath) -> Tree<ArrayLeaf> {
    var value = value
    // The root is an object, most likely a whole module.
    if path.components.isEmpty, value.kind == .object {
      value.remedy = "save a dictionary of its tensors, such as a module's state_dict"
    }
    return .leaf(
      ArrayLeaf(
        LeafFault(
          .unsupported, value.error.located(file: file, treePath: path.description))))
  }

  /// Returns the leaf of a tensor; it has a fault if the file doesn't have the tensor's elements.
  ///
  /// - Throws: The errors that don't blame the file.
  private mutating func node(
    tensor: PickleTensor, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    do throws(CoppiceError) {
      return .leaf(ArrayLeaf(try sources.source(of: tensor, in: pickle)))
    } catch {
      let error = error.located(file: file, treePath: path.description)
      guard error.code.isInputFault else { throw error }
      return .leaf(ArrayLeaf(LeafFault(.damaged, error)))
    }
  }

  private mutating func node(
    container place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let container = pickle.containers[place]
    guard around.insert(place).inserted else {
      let text = "a \(container.kind.word) that contains itself"
      return faulty(.init(kind: .value, text: text), at: path)
    }
    defer { around.remove(place) }
    if container.kind == .dict {
      guard !oddDictionaries.contains(place), let keys = try keys(container.items, at: path) else {
        oddDictionaries.insert(place)
        let text = "a dictionary with a key that is neither a text nor an integer"
        return faulty(.init(kind: .value, text: text), at: path)
      }
      return .dict(try entries(keys, container.items, at: path))
    }
    var nodes: [Tree<ArrayLeaf>] = []
    nodes.reserveCapacity(min(container.items.count, budget))
    for (index, item) in container.items.enumerated() {
      nodes.append(try node(item, at: path.appending(.index(index))))
    }
    if container.kind == .set { warn("a set is read as a list", path) }
    return container.kind == .tuple ? .tuple(nodes) : .list(nodes)
  }

  private mutating func entries(
    _ keys: [TreeKey], _ items: [PickleValue], at path: TreePath
  ) throws(CoppiceError) -> [Tree<ArrayLeaf>.Entry] {
    // If a key occurs several times, the last value takes the first one's position.
    var places: [TreeKey: Int] = [:]
    var entries: [Tree<ArrayLeaf>.Entry] = []
    for (index, key) in keys.enumerated() {
      let node = try node(items[2 * index + 1], at: path.appending(.key(key)))
      if let place = places[key] {
        entries[place].node = node
      } else {
        places[key] = entries.count
        entries.append(.init(key, node))
      }
    }
    return entries
  }

  /// Returns the keys of a dictionary's items; `nil` when a tree can't have one of them.
  private func keys(
    _ items: [PickleValue], at path: TreePath
  ) throws(CoppiceError) -> [TreeKey]? {
    var keys: [TreeKey] = []
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      guard let key = try key(items[index], at: path) else { return nil }
      keys.append(key)
    }
    return keys
  }

  private func key(_ value: PickleValue, at path: TreePath) throws(CoppiceError) -> TreeKey? {
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
    default: return nil
    }
  }

  private mutating func warn(_ message: String, _ path: TreePath) {
    warnings.append(
      CoppiceError(.pytorchChangedValue, message, at: .init(treePath: path.description)))
  }
}
