import CoppiceModel
import CoppiceNumPy

/// Arrays, scalars and types of NumPy.
extension PickledTree {
  /// The type of an array's elements.
  private struct ElementType {
    /// The name as in the header of a file, such as `<f4`; `nil` for structures.
    var name: String?
    /// A type of ml_dtypes, which NumPy's header can't name.
    var other: DType?
  }

  mutating func numpy(
    _ known: KnownObject, _ object: PickleObject, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    let arguments = object.arguments
    switch known {
    case .numpyType:
      guard let type = elementType(object), let text = name(of: type) else { return nil }
      warn("an element type is read as the text of its name", path)
      return .value(.string(text))
    case .numpyScalar:
      guard arguments.count == 2, let type = elementType(arguments[0]) else { return nil }
      return try array(type, [], arguments[1], at: path)
    case .numpyBuffer:
      guard arguments.count == 4, let type = elementType(arguments[1]),
        let extents = integers(arguments[2]), case .string(let order) = arguments[3]
      else { return nil }
      return try array(type, extents, arguments[0], isFortranOrder: order == "F", at: path)
    default:
      // The state has a version, which very old files leave out.
      guard let state = object.state, var parts = sequence(state), parts.count >= 4 else {
        return nil
      }
      if parts.count > 4 { parts.removeFirst(parts.count - 4) }
      guard let extents = integers(parts[0]), let type = elementType(parts[1]),
        case .bool(let isFortranOrder) = parts[2].flag
      else { return nil }
      return try array(type, extents, parts[3], isFortranOrder: isFortranOrder, at: path)
    }
  }

  private mutating func array(
    _ type: ElementType, _ extents: [Int], _ data: PickleValue, isFortranOrder: Bool = false,
    at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard extents.count <= pickle.limits.rank else {
      let remedy = "reshape it to at most \(pickle.limits.rank) before saving"
      let text = "an array of \(extents.count) dimensions"
      return faulty(.init(kind: .tensor, text: text, remedy: remedy), at: path)
    }
    var bytes: [UInt8] = []
    if case .bytes(let data) = data {
      bytes = data
    } else if type.name?.dropFirst().first != "O" {
      return nil
    }
    do throws(CoppiceError) {
      if let dtype = type.other {
        // The integers of the same width have the same bytes.
        let array = NumPyArray(
          type: "<u\(dtype.width)", extents: extents, isFortranOrder: isFortranOrder, bytes: bytes)
        guard case .leaf(let leaf) = try array.node,
          let source = ReinterpretedSource(
            try leaf.source, dtype: dtype, shape: try leaf.metadata.shape)
        else { return nil }
        return .leaf(ArrayLeaf(source))
      }
      let array = NumPyArray(
        type: type.name, extents: extents, isFortranOrder: isFortranOrder, bytes: bytes)
      let node = try array.node
      // A text of no dimensions is a value.
      guard case .value(.stringArray(let texts)) = node, texts.shape.rank == 0 else { return node }
      switch texts.elements {
      case .strings(let strings): return .value(.string(strings[0]))
      case .bytes(let bytes): return .value(.bytes(bytes[0]))
      }
    } catch {
      // The offsets are in the array's bytes, not in the file.
      var error = error
      error.location.offset = nil
      return try faulty(error, at: path)
    }
  }

  // MARK: Types

  private func elementType(_ value: PickleValue) -> ElementType? {
    guard case .object(let place) = value else { return nil }
    return elementType(pickle.objects[place])
  }

  /// Returns the type that an object of `numpy.dtype` is.
  ///
  /// Its argument has kind and width; its state has the byte order and the parts of structures.
  private func elementType(_ object: PickleObject) -> ElementType? {
    guard pickle.names[object.type] == "numpy.dtype", let code = object.arguments.first else {
      return nil
    }
    if case .name(let place) = code, pickle.names[place].hasPrefix("ml_dtypes.") {
      let name = pickle.names[place].dropFirst("ml_dtypes.".count)
      guard let dtype = PickleGlobal.elementType(String(name)) else { return nil }
      return ElementType(other: dtype)
    }
    guard case .string(let code) = code else { return nil }
    var order = "<"
    if let state = object.state {
      guard let parts = sequence(state), parts.count >= 5, case .string(let text) = parts[1] else {
        return nil
      }
      order = text
      for part in parts[2...4] {
        guard case .none = part else { return ElementType() }
      }
    }
    return ElementType(name: (order == "=" ? "<" : order) + code)
  }

  private func name(of type: ElementType) -> String? {
    if let other = type.other { return other.rawValue }
    guard let name = type.name,
      case .leaf(let leaf) = try? NumPyArray(type: name, extents: [0], bytes: []).node
    else { return nil }
    return try? leaf.metadata.dtype.rawValue
  }

  // MARK: Parts of values

  /// Returns the items of a tuple or a list.
  func sequence(_ value: PickleValue) -> [PickleValue]? {
    guard case .container(let place) = value, pickle.containers[place].kind != .dict else {
      return nil
    }
    return pickle.containers[place].items
  }

  /// Returns the numbers of a tuple or a list, none of which is negative.
  func integers(_ value: PickleValue) -> [Int]? {
    guard let items = sequence(value) else { return nil }
    let numbers = items.prefix(1 << 16).compactMap(\.count)
    return numbers.count == items.count ? numbers : nil
  }
}

extension PickleValue {
  /// The value if it is true or false, of which old files have numbers.
  fileprivate var flag: PickleValue {
    switch self {
    case .integer(0): .bool(false)
    case .integer(1): .bool(true)
    default: self
    }
  }
}
