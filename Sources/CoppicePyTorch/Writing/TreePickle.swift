import CoppiceModel

/// The pickle of a tree, whose tensors name their storages.
struct TreePickle {
  private var encoder = PickleEncoder()
  private let sources: [any ArraySource]
  private let places: TensorPlaces
  private var next = 0

  /// The notes about containers and values that the format can't hold.
  private(set) var notes: [ConversionNote] = []

  /// The finished pickle.
  var bytes: [UInt8] {
    var encoder = encoder
    encoder.stop()
    return encoder.bytes
  }

  /// Begins the pickle of a tree with these arrays, in its order.
  init(_ sources: [any ArraySource], _ places: TensorPlaces) {
    (self.sources, self.places) = (sources, places)
  }

  /// Adds a node.
  ///
  /// - Throws: `pytorch.limit`.
  mutating func add(_ node: Tree<ArrayLeaf>, _ path: TreePath) throws(CoppiceError) {
    switch node {
    case .leaf:
      addTensor(sources[next], places.places[next])
      next += 1
    case .value(let value):
      do throws(CoppiceError) {
        try add(value, path)
      } catch {
        throw error.located(treePath: path.description)
      }
    case .list(let nodes):
      encoder.emptyList()
      guard !nodes.isEmpty else { return }
      encoder.mark()
      try addChildren(of: node, path)
      encoder.append()
    case .tuple(let nodes):
      guard !nodes.isEmpty else { return encoder.emptyTuple() }
      encoder.mark()
      try addChildren(of: node, path)
      encoder.tuple()
    case .dict, .record:
      if case .record(let record) = node {
        notes.add(
          .structure, "a record of the type \(record.type.printable) is written as a dictionary",
          at: path)
      }
      encoder.emptyDictionary()
      guard !node.children.isEmpty else { return }
      encoder.mark()
      try addChildren(of: node, path)
      encoder.setItems()
    }
  }

  /// Adds the children of a container, with their keys or names.
  private mutating func addChildren(
    of node: Tree<ArrayLeaf>, _ path: TreePath
  ) throws(CoppiceError) {
    for (component, child) in node.children {
      switch component {
      case .key(.string(let text)), .field(let text): try encoder.string(text)
      case .key(.integer(let number)): encoder.integer(number)
      case .index: break
      }
      try add(child, path.appending(component))
    }
  }

  private mutating func add(_ value: TreeValue, _ path: TreePath) throws(CoppiceError) {
    switch value {
    case .null: encoder.none()
    case .bool(let flag): encoder.bool(flag)
    case .float(let number): encoder.float(number)
    case .complex(let real, let imaginary): encoder.complex(real, imaginary)
    case .string(let text): try encoder.string(text)
    case .bytes(let bytes): try encoder.byteString(bytes)
    case .int(let number):
      guard !encoder.integer(number) else { return }
      notes.add(
        .scalar, "an integer of more than 255 bytes, which torch doesn't load, is written as text",
        at: path)
      try encoder.string(number.text)
    case .stringArray(let texts):
      notes.add(
        .structure, "an array of texts is written as lists of its elements", at: path)
      try add(texts, 0, 0, texts.shape.elementCount)
    }
  }

  /// Adds texts as nested lists, one level for each dimension.
  private mutating func add(
    _ texts: TextArray, _ dimension: Int, _ start: Int, _ count: Int
  ) throws(CoppiceError) {
    guard dimension < texts.shape.rank else {
      switch texts.elements {
      case .strings(let elements): try encoder.string(elements[start])
      case .bytes(let elements): try encoder.byteString(elements[start])
      }
      return
    }
    encoder.emptyList()
    let extent = count == 0 ? 0 : texts.shape.dimensions[dimension]
    guard extent > 0 else { return }
    encoder.mark()
    for index in 0..<extent {
      try add(texts, dimension + 1, start + index * (count / extent), count / extent)
    }
    encoder.append()
  }

  // MARK: Tensors

  /// Adds the call that makes a tensor of a part of its storage.
  private mutating func addTensor(_ source: any ArraySource, _ place: TensorPlaces.Place) {
    let owner = sources[places.owners[place.storage]]
    let storageClass = TorchElements.storageClass(of: source.dtype)
    encoder.global(
      "torch._utils", storageClass == nil ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2")
    encoder.mark()
    encoder.mark()
    encoder.word("storage")
    if let storageClass {
      encoder.global("torch", storageClass)
    } else {
      encoder.global("torch.storage", "UntypedStorage")
    }
    encoder.number(place.storage)
    encoder.word("cpu")
    encoder.integer(storageClass == nil ? owner.byteCount : owner.shape.elementCount)
    encoder.tuple()
    encoder.persistent()
    encoder.integer(place.offset)
    encoder.integers(source.shape.dimensions)
    encoder.integers(source.shape.contiguousStrides)
    // No gradient is required, and no hooks are registered.
    encoder.bool(false)
    encoder.global("collections", "OrderedDict")
    encoder.emptyTuple()
    encoder.call()
    if storageClass == nil { encoder.global("torch", source.dtype.rawValue) }
    encoder.tuple()
    encoder.call()
  }
}

extension Shape {
  /// The strides in elements of an array in C order, as torch counts them: an extent of 0 counts as 1.
  fileprivate var contiguousStrides: [Int] {
    var strides: [Int] = []
    var distance = 1
    for extent in dimensions.reversed() {
      strides.append(distance)
      // The strides of an empty array are never used, and may overflow.
      let (product, overflow) = distance.multipliedReportingOverflow(by: max(extent, 1))
      distance = overflow ? 1 : product
    }
    return strides.reversed()
  }
}
