import CoppiceModel

extension Unpickler {
  /// Builds the result of a call, which is an object if the function or the class isn't known.
  mutating func call(
    _ function: PickleValue, _ arguments: PickleValue, _ keywords: PickleValue? = nil,
    isResult: Bool = false
  ) throws(CoppiceError) -> PickleValue {
    switch function {
    case .global(let global): return try result(of: global, try tuple(arguments), keywords)
    case .name(let place):
      return try object(ofName: place, try tuple(arguments), keywords, isResult: isResult)
    case .object, .foreign:
      return .foreign(try foreign(.value, "the result of calling \(words(function))"))
    default:
      throw fault(.pytorchValue, "a value that isn't a function is called; the pickle is damaged")
    }
  }

  /// Builds the result of a known function.
  mutating func result(
    of function: PickleGlobal, _ arguments: [PickleValue], _ keywords: PickleValue?
  ) throws(CoppiceError) -> PickleValue {
    // None of the functions takes keyword arguments.
    if let keywords, !isEmptyDictionary(keywords) {
      return try object(of: function, arguments, keywords)
    }
    return try call(function, arguments)
  }

  func isEmptyDictionary(_ value: PickleValue) -> Bool {
    guard case .container(let place) = value else { return false }
    return containers[place].kind == .dict && containers[place].items.isEmpty
  }

  private mutating func call(
    _ function: PickleGlobal, _ arguments: [PickleValue]
  ) throws(CoppiceError) -> PickleValue {
    switch function {
    case .rebuildTensor: return try tensor(arguments, hasType: false)
    case .rebuildTensorV3: return try tensor(arguments, hasType: true)
    case .rebuildFromType: return try typedTensor(arguments)
    case .rebuildParameter:
      switch arguments.first {
      case .tensor(let place)?:
        if arguments.count > 3 { try note(arguments[3], ofTensor: place) }
        return arguments[0]
      case .object?, .foreign?: return arguments[0]
      default: throw wrong("_rebuild_parameter")
      }
    // Drop the first argument, which makes values for missing keys.
    case .defaultDict: return try collection(function, Array(arguments.dropFirst()))
    case .builtin, .dtype, .storage, .untypedStorage, .tensorClass:
      return .foreign(try foreign(.result, function.name))
    default: return try collection(function, arguments)
    }
  }

  /// Builds a container, or a value from its components.
  private mutating func collection(
    _ function: PickleGlobal, _ arguments: [PickleValue]
  ) throws(CoppiceError) -> PickleValue {
    if arguments.contains(where: \.isForeign) { return try object(of: function, arguments) }
    switch function {
    case .orderedDict, .counter, .defaultDict: return try dictionary(arguments)
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
      guard arguments.count > 1, case .integer(let index) = arguments[1] else {
        return .device(type)
      }
      return .device("\(type):\(index)")
    default: return try object(of: function, arguments)
    }
  }

  /// Builds a tensor of a class from four arguments.
  ///
  /// They are a function, the class, the function's arguments, and attributes.
  private mutating func typedTensor(
    _ arguments: [PickleValue]
  ) throws(CoppiceError) -> PickleValue {
    guard arguments.count >= 3 else { throw wrong("_rebuild_from_type_v2") }
    switch (arguments[0], arguments[1]) {
    case (.name(let place), .name(let type))
    where names[place] == "torch._utils._rebuild_wrapper_subclass":
      // Such a tensor has no elements of its own: they are in its attributes.
      return try object(type, [], state: arguments.count > 3 ? arguments[3] : nil)
    // Not by `call`, which could come back here as often as tuples are nested.
    case (.name(let place), _):
      return try object(place, try tuple(arguments[2]), isResult: true)
    case (.global(.rebuildTensor), _), (.global(.rebuildTensorV3), _),
      (.global(.rebuildParameter), _):
      let value = try call(arguments[0], arguments[2])
      if case .tensor(let place) = value {
        if case .name(let type) = arguments[1] { tensors[place].type = type }
        if arguments.count > 3 { try note(arguments[3], ofTensor: place) }
      }
      return value
    default: throw wrong("_rebuild_from_type_v2")
    }
  }

  func wrong(_ function: String) -> CoppiceError {
    fault(.pytorchArguments, "\(function) is called with other arguments than it takes")
  }

  mutating func container(
    _ kind: PickleContainer.Kind, _ items: [PickleValue]
  ) -> PickleValue {
    containers.append(PickleContainer(kind: kind, items: items))
    return .container(containers.count - 1)
  }

  /// Builds a dictionary from nothing, from another dictionary, or from pairs.
  private mutating func dictionary(_ arguments: [PickleValue]) throws(CoppiceError) -> PickleValue {
    guard let first = arguments.first else { return container(.dict, []) }
    guard arguments.count == 1, case .container(let place) = first else {
      throw wrong("OrderedDict")
    }
    try charge(containers[place].items.count)
    if containers[place].kind == .dict { return container(.dict, containers[place].items) }
    var items: [PickleValue] = []
    for item in containers[place].items {
      if item.isForeign { return try object(of: .orderedDict, arguments) }
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

  /// Returns bytes as protocols before 3 represent them: a text with one character for each byte.
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

  /// Notes the attributes of a tensor, which have no place in a tree, except marks of torch's compiler.
  private mutating func note(
    _ state: PickleValue, ofTensor place: Int
  ) throws(CoppiceError) {
    guard !tensors[place].hasAttributes, !isEmpty(state) else { return }
    guard let attributes = try countedAttributes(inState: state) else {
      tensors[place].hasAttributes = true
      return
    }
    tensors[place].hasAttributes = !attributes.allSatisfy { attribute in
      guard case .string(let name) = attribute.key else { return false }
      return name.hasPrefix("_dynamo_")
    }
  }

  /// Notes the attributes of a dictionary, except `_metadata` in which each version is 1, torch's default.
  private mutating func note(
    _ state: PickleValue, ofDictionary place: Int
  ) throws(CoppiceError) {
    guard let attributes = try countedAttributes(inState: state) else {
      containers[place].hasAttributes = true
      return
    }
    for (key, value) in attributes {
      guard case .string("_metadata") = key, case .container(let modules) = value,
        containers[modules].kind == .dict
      else {
        containers[place].hasAttributes = true
        continue
      }
      try charge(containers[modules].items.count)
      if !(entries(of: value) ?? []).allSatisfy({ hasFirstVersion($0.value) }) {
        containers[place].hasVersions = true
      }
    }
  }

  private func hasFirstVersion(_ module: PickleValue) -> Bool {
    guard case .container(let place) = module, containers[place].items.count == 2,
      case .string("version") = containers[place].items[0],
      case .integer(1) = containers[place].items[1]
    else { return false }
    return true
  }

  /// Returns the attributes of a state, which are counted: a pickle can refer to one state many times.
  private mutating func countedAttributes(
    inState state: PickleValue
  ) throws(CoppiceError) -> [(key: PickleValue, value: PickleValue)]? {
    guard case .container(let place) = state else { return nil }
    try charge(containers[place].items.count)
    if containers[place].kind == .tuple {
      for case .container(let part) in containers[place].items.prefix(2) {
        try charge(containers[part].items.count)
      }
    }
    return attributes(inState: state)
  }

  /// Gives the object on top its state, after checking that it may have some.
  ///
  /// What tensors and dictionaries have beside their contents is told of, and left out.
  mutating func build(_ state: PickleValue) throws(CoppiceError) {
    switch (try top(), state) {
    case (.object(let place), _): objects[place].state = state
    case (.foreign, _): return
    case (.tensor(let place), _): try note(state, ofTensor: place)
    case (.container(let place), let state)
    where containers[place].kind == .dict && state.isForeign:
      containers[place].hasAttributes = true
    case (.container(let place), .container(let attributes))
    where containers[place].kind == .dict && containers[attributes].kind != .list:
      try note(state, ofDictionary: place)
    default:
      throw fault(
        .pytorchValue, "a value that has no attributes is given some; the pickle is damaged")
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

  /// The value as a number of elements or an offset in elements.
  var count: Int? {
    guard case .integer(let number) = self, number >= 0 else { return nil }
    return number
  }
}
