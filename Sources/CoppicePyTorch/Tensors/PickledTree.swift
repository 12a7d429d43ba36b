import CoppiceModel
import CoppiceNumPy

/// The tree of a pickle's value.
struct PickledTree {
  let pickle: Unpickler
  var sources: TensorSources

  /// The values that were changed to another kind.
  private var changes = PickleChanges()

  /// The leaves of values that no tree can hold.
  private var faults: PickleFaults

  /// The number of nodes that may still be made: a pickle can refer to one container many times.
  private(set) var budget: Int

  /// The dictionaries with keys that no tree can have.
  var oddDictionaries: Set<Int> = []

  /// The containers and the objects that contain the node being made.
  var containersAround: Set<Int> = []
  var objectsAround: Set<Int> = []

  init(_ pickle: Unpickler, sources: TensorSources, file: String) {
    self.pickle = pickle
    self.sources = sources
    self.faults = PickleFaults(file: file)
    self.budget = pickle.limits.leaves
  }

  /// The warnings about values that were changed to another kind.
  var warnings: [CoppiceError] { changes.warnings }

  /// Returns the node of a value; a value that no tree can hold becomes a leaf with a fault.
  ///
  /// - Throws: `pytorch.*` with the path of the node.
  mutating func root(
    _ value: PickleValue, at path: TreePath = TreePath()
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try requireBounded(value)
    return try node(value, at: path)
  }

  mutating func node(
    _ value: PickleValue, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    try count(at: path)
    switch value {
    case .container(let place): return try node(container: place, at: path)
    case .object(let place): return try node(object: place, at: path)
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
    case .global(let global): return faulty(.name, global.name, at: path)
    case .name(let place): return faulty(.name, pickle.names[place], at: path)
    case .foreign(let place): return faulty(pickle.foreignValues[place], at: path)
    case .storage:
      let remedy = "save a tensor that is a view of it"
      return faulty(.init(kind: .value, text: "a bare storage", remedy: remedy), at: path)
    }
  }

  /// Counts a node.
  ///
  /// - Throws: `pytorch.limit`.
  mutating func count(at path: TreePath) throws(CoppiceError) {
    guard budget > 0, path.components.count <= pickle.limits.depth else {
      throw excess(at: path)
    }
    budget -= 1
  }

  /// The error about an object of too many values.
  func excess(at path: TreePath) -> CoppiceError {
    CoppiceError(
      .pytorchLimit,
      "the object has more than \(pickle.limits.leaves) values, or is nested more than "
        + "\(pickle.limits.depth) deep",
      at: .init(treePath: path.description))
  }

  /// Returns the leaf of a tensor; it has a fault if the file doesn't have the tensor's elements.
  ///
  /// - Throws: The errors that don't blame the file.
  mutating func node(
    tensor: PickleTensor, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    if let type = tensor.type {
      warn("a tensor of the class \(pickle.names[type]) is read as a plain tensor", path)
    }
    if tensor.hasAttributes { warn("the attributes of a tensor are left out", path) }
    do throws(CoppiceError) {
      return .leaf(ArrayLeaf(try sources.resolvedSource(of: tensor, in: pickle)))
    } catch {
      return try faulty(error, at: path)
    }
  }

  // MARK: Faults and warnings

  /// Returns a leaf with a fault for a value that no tree can hold.
  mutating func faulty(
    _ value: ForeignValue, metadata: ArrayMetadata? = nil, at path: TreePath
  ) -> Tree<ArrayLeaf> {
    .leaf(faults.leaf(.unsupported, value.error, metadata, at: path))
  }

  mutating func faulty(
    _ kind: ForeignValue.Kind, _ text: String, at path: TreePath
  ) -> Tree<ArrayLeaf> {
    faulty(ForeignValue(kind: kind, text: text), at: path)
  }

  /// Returns a leaf with an error as its fault.
  ///
  /// - Throws: An error that doesn't blame the file.
  mutating func faulty(
    _ error: CoppiceError, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard error.code.isInputFault else { throw error }
    let isWhole =
      error.isOfUnsupportedLeaf || error.code == .pytorchTensorKind
      || error.code == .npyUnsupportedDType
    return .leaf(faults.leaf(isWhole ? .unsupported : .damaged, error, nil, at: path))
  }

  /// Notes that a value was changed to another kind.
  mutating func warn(_ message: String, _ path: TreePath) { changes.add(message, path) }
}
