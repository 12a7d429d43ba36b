import CoppiceModel

extension Unpickler {
  /// Builds a tensor from the arguments of a rebuilding function.
  ///
  /// They are storage, offset, extents and strides. Further arguments may follow: whether a
  /// gradient is wanted, hooks, the type in newer files, and a dictionary that says whether the
  /// values are to be conjugated or negated.
  mutating func tensor(
    _ arguments: [PickleValue], hasType: Bool
  ) throws(CoppiceError) -> PickleValue {
    guard arguments.count >= (hasType ? 7 : 4) else { throw wrong("_rebuild_tensor") }
    if let foreign = try foreignTensor(arguments, hasType: hasType) { return .foreign(foreign) }
    guard case .storage(let storage) = arguments[0], let offset = arguments[1].count else {
      throw wrong("_rebuild_tensor")
    }
    var dtype = storages[storage].dtype
    if hasType {
      guard case .global(.dtype(let name)) = arguments[6] else { throw wrong("_rebuild_tensor_v3") }
      dtype = PickleGlobal.elementType(name)
    }
    guard let dtype else { throw wrong("_rebuild_tensor") }
    var tensor = PickleTensor(
      storage: storage, dtype: dtype, offset: offset, extents: try extents(arguments[2]),
      strides: try extents(arguments[3]))
    let marks = arguments.dropFirst(hasType ? 7 : 6).first
    tensor.isConjugated = isSet("conj", in: marks)
    tensor.isNegated = isSet("neg", in: marks)
    tensors.append(tensor)
    return .tensor(tensors.count - 1)
  }

  /// Returns a foreign value if the arguments of a rebuilding function make one.
  private mutating func foreignTensor(
    _ arguments: [PickleValue], hasType: Bool
  ) throws(CoppiceError) -> Int? {
    if case .storage(let place) = arguments[0], let type = storages[place].foreign {
      return try foreignTensor("a tensor in a storage of the class \(names[type])")
    }
    for argument in arguments[..<4] {
      guard let value = firstForeign(in: argument) else { continue }
      return try foreignTensor("a tensor that is made with \(words(value))")
    }
    for case .container(let place) in arguments[2..<4] {
      let rank = containers[place].items.count
      guard containers[place].kind == .tuple, rank > limits.rank else { continue }
      return try foreign(
        .tensor, "a tensor of \(rank) dimensions",
        remedy: "reshape it to at most \(limits.rank) before saving")
    }
    if hasType {
      switch arguments[6] {
      case .name(let place):
        return try foreignTensor("a tensor of the type \(names[place])")
      case .global(.dtype(let name)) where PickleGlobal.elementType(name) == nil:
        return try foreignTensor("a tensor of the type torch.\(name)")
      default: break
      }
    }
    return nil
  }

  /// Adds a tensor that no array can represent to the table.
  mutating func foreignTensor(_ kind: String) throws(CoppiceError) -> Int {
    try foreign(.tensor, kind, remedy: "convert it in torch first")
  }

  private func extents(_ value: PickleValue) throws(CoppiceError) -> [Int] {
    var extents: [Int] = []
    for item in try tuple(value) {
      guard let extent = item.count else {
        throw fault(
          .pytorchTensorBounds, "an extent or a stride of a tensor is negative, or no integer")
      }
      extents.append(extent)
    }
    return extents
  }

  /// Returns whether a tensor has a mark that its elements must be changed before use.
  private func isSet(_ mark: String, in marks: PickleValue?) -> Bool {
    guard let marks else { return false }
    return entries(of: marks)?.contains { entry in
      guard case .string(mark) = entry.key, case .bool(true) = entry.value else { return false }
      return true
    } ?? false
  }

  /// Builds a storage from its description, or returns the class of a module.
  ///
  /// The description has the word `storage`, the class, the name in the file, the device, the size,
  /// and in old files a view. Before torch 1.6 a module's class is described as well, by the word
  /// `module`, the class itself, and its source code.
  mutating func storage(_ description: PickleValue) throws(CoppiceError) -> PickleValue {
    if description.isForeign { return description }
    let items = try tuple(description)
    if items.count == 4, case .string("module") = items[0] { return items[1] }
    guard items.count >= 5, case .string("storage") = items[0], case .string(let key) = items[2],
      let elementCount = items[4].count
    else {
      throw fault(
        .pytorchArguments, "the pickle refers to external data that aren't a storage")
    }
    var storage = PickleStorage(key: key, dtype: nil, elementCount: elementCount)
    switch items[1] {
    case .global(.storage(let dtype)): storage.dtype = dtype
    case .global(.untypedStorage): break
    case .name(let place): storage.foreign = place
    default: throw fault(.pytorchArguments, "a storage has a class that isn't a storage's")
    }
    if items.count > 5, case .container = items[5] {
      let view = try tuple(items[5])
      guard view.count == 3, let offset = view[1].count, let count = view[2].count else {
        throw fault(.pytorchArguments, "a view of a storage is malformed")
      }
      let (end, overflow) = offset.addingReportingOverflow(count)
      guard !overflow, end <= elementCount else {
        throw fault(.pytorchStorage, "a view reaches out of its storage; the file is damaged")
      }
      storage.offset = offset
    }
    if let place = storagePlaces[storage] { return .storage(place) }
    storagePlaces[storage] = storages.count
    storages.append(storage)
    return .storage(storages.count - 1)
  }
}
