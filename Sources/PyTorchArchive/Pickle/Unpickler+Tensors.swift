import CoppiceModel

extension Unpickler {
  /// A tensor of the arguments of a rebuilding function.
  ///
  /// They are storage, offset, extents, strides, and, where there are more: whether a gradient is
  /// wanted, hooks, the type in newer files, and a dictionary that says whether the values are to be
  /// conjugated or negated.
  mutating func tensor(
    _ arguments: [PickleValue], hasType: Bool
  ) throws(CoppiceError) -> Int {
    let least = hasType ? 7 : 4
    guard arguments.count >= least, case .storage(let storage) = arguments[0],
      let offset = arguments[1].count
    else { throw wrong("_rebuild_tensor") }
    var dtype = storages[storage].dtype
    if hasType {
      guard case .global(.dtype(let name)) = arguments[6] else { throw wrong("_rebuild_tensor_v3") }
      guard let type = PickleGlobal.elementType(name) else {
        throw fault(
          .pytorchTensorKind,
          "the file holds a tensor of \(name), which no array can be; convert it in torch first")
      }
      dtype = type
    }
    guard let dtype else { throw wrong("_rebuild_tensor") }
    try refuseMarks(arguments.dropFirst(hasType ? 7 : 6).first)
    tensors.append(
      PickleTensor(
        storage: storage, dtype: dtype, offset: offset, extents: try extents(arguments[2]),
        strides: try extents(arguments[3]), pickleOffset: start))
    return tensors.count - 1
  }

  private func extents(_ value: PickleValue) throws(CoppiceError) -> [Int] {
    let items = try tuple(value)
    guard items.count <= limits.rank else {
      throw fault(
        .pytorchLimit, "a tensor has \(items.count) dimensions; at most \(limits.rank) are read")
    }
    var extents: [Int] = []
    for item in items {
      guard let extent = item.count else {
        throw fault(
          .pytorchTensorBounds, "an extent or a stride of a tensor is negative, or no integer")
      }
      extents.append(extent)
    }
    return extents
  }

  /// Values that must be changed before use are not what is in the storage.
  private func refuseMarks(_ value: PickleValue?) throws(CoppiceError) {
    guard case .container(let place)? = value, containers[place].kind == .dict else { return }
    let items = containers[place].items
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      guard case .string(let name) = items[index], name == "conj" || name == "neg",
        case .bool(true) = items[index + 1]
      else { continue }
      throw fault(
        .pytorchTensorKind,
        "a tensor is marked to be \(name == "conj" ? "conjugated" : "negated") when it is used; call "
          + "resolve_\(name)() on it before saving")
    }
  }

  /// A storage of its description: the word, the class, its name in the file, where it lived, its size,
  /// and in old files a view.
  mutating func storage(_ description: PickleValue) throws(CoppiceError) -> PickleValue {
    let items = try tuple(description)
    guard items.count >= 5, case .string("storage") = items[0],
      case .global(let type) = items[1], case .string(let key) = items[2],
      let elementCount = items[4].count
    else {
      throw fault(
        .pytorchArguments, "the pickle refers to something beside it that is no storage")
    }
    var storage = PickleStorage(key: key, dtype: nil, elementCount: elementCount)
    switch type {
    case .storage(let dtype): storage.dtype = dtype
    case .untypedStorage: break
    default: throw fault(.pytorchArguments, "a storage is of a class that is none of storages")
    }
    if items.count > 5, case .container = items[5] {
      let view = try tuple(items[5])
      guard view.count == 3, let offset = view[1].count, let count = view[2].count else {
        throw fault(.pytorchArguments, "a view of a storage is not what it must be")
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
