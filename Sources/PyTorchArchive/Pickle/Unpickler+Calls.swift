import CoppiceModel

extension Unpickler {
  /// Builds what a call would give.
  mutating func call(
    _ function: PickleGlobal, _ arguments: [PickleValue]
  ) throws(CoppiceError) -> PickleValue {
    switch function {
    case .orderedDict, .counter: return try dictionary(arguments)
    // The first argument makes values for keys that aren't there.
    case .defaultDict: return try dictionary(Array(arguments.dropFirst()))
    case .set, .frozenSet: return container(.set, try onlySequence(arguments))
    case .size: return container(.tuple, try onlySequence(arguments))
    case .bytearray, .encode: return .bytes(try bytes(arguments))
    case .complex:
      guard arguments.count == 2, let real = arguments[0].number,
        let imaginary = arguments[1].number
      else { throw wrong("complex") }
      return .complex(real, imaginary)
    case .device:
      guard case .string(let type)? = arguments.first else { throw wrong("torch.device") }
      changes.append(
        CoppiceError(
          .pytorchChangedValue, "a device is read as the text of its name",
          at: .init(offset: start)))
      guard arguments.count > 1, case .integer(let index) = arguments[1] else {
        return .string(type)
      }
      return .string("\(type):\(index)")
    case .rebuildTensor: return .tensor(try tensor(arguments, hasType: false))
    case .rebuildTensorV3: return .tensor(try tensor(arguments, hasType: true))
    case .rebuildParameter:
      guard case .tensor(let place)? = arguments.first else { throw wrong("_rebuild_parameter") }
      return .tensor(place)
    case .rebuildFromType:
      // (function, class, arguments, attributes): what matters is what the function gives.
      guard arguments.count >= 3, case .global(let function) = arguments[0],
        [.rebuildTensor, .rebuildTensorV3, .rebuildParameter].contains(function),
        case .global(.tensorClass) = arguments[1]
      else { throw wrong("_rebuild_from_type_v2") }
      return try call(function, try tuple(arguments[2]))
    case .builtin, .dtype, .storage, .untypedStorage, .tensorClass:
      throw fault(
        .pytorchGlobal, "the pickle calls a class that is only ever named; it is refused")
    }
  }

  func wrong(_ function: String) -> CoppiceError {
    fault(.pytorchArguments, "\(function) is called with other arguments than it takes")
  }

  private mutating func container(
    _ kind: PickleContainer.Kind, _ items: [PickleValue]
  ) -> PickleValue {
    containers.append(PickleContainer(kind: kind, items: items))
    return .container(containers.count - 1)
  }

  /// A dictionary of nothing, of another one, or of pairs.
  private mutating func dictionary(_ arguments: [PickleValue]) throws(CoppiceError) -> PickleValue {
    guard let first = arguments.first else { return container(.dict, []) }
    guard arguments.count == 1, case .container(let place) = first else {
      throw wrong("OrderedDict")
    }
    try charge(containers[place].items.count)
    if containers[place].kind == .dict { return container(.dict, containers[place].items) }
    var items: [PickleValue] = []
    for item in containers[place].items {
      guard case .container(let pair) = item, containers[pair].items.count == 2 else {
        throw wrong("OrderedDict")
      }
      items += containers[pair].items
    }
    return container(.dict, items)
  }

  private mutating func onlySequence(_ arguments: [PickleValue]) throws(CoppiceError)
    -> [PickleValue]
  {
    guard let first = arguments.first else { return [] }
    guard arguments.count == 1, case .container(let place) = first, containers[place].kind != .dict
    else { throw wrong("a container") }
    try charge(containers[place].items.count)
    return containers[place].items
  }

  /// Bytes as protocols before 3 say them: a text of which each character is one byte.
  private mutating func bytes(_ arguments: [PickleValue]) throws(CoppiceError) -> [UInt8] {
    switch (arguments.first, arguments.count) {
    case (nil, _): return []
    case (.bytes(let bytes)?, 1): return bytes
    case (.string(let text)?, 2):
      try charge(text.utf8.count / 4)
      var bytes: [UInt8] = []
      for scalar in text.unicodeScalars {
        guard let byte = UInt8(exactly: scalar.value) else { throw wrong("encode") }
        bytes.append(byte)
      }
      return bytes
    default: throw wrong("encode")
    }
  }

  /// Gives the object on top its attributes.
  ///
  /// A state dict has one, `_metadata`, with versions of modules; what torch adds to other values is
  /// no part of the state either.
  mutating func build(_ state: PickleValue) throws(CoppiceError) {
    guard case .container(let place) = try top(), containers[place].kind == .dict,
      case .container(let attributes) = state, containers[attributes].kind != .list
    else {
      throw fault(.pytorchValue, "an object is given attributes; only containers are read")
    }
  }
}

extension PickleValue {
  /// The value as a number.
  var number: Double? {
    switch self {
    case .float(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }

  /// The value as a number of elements, or a place among them.
  var count: Int? {
    guard case .integer(let number) = self, number >= 0 else { return nil }
    return number
  }
}
