import CoppiceModel

extension Unpickler {
  /// Returns the index of a foreign value in the table, which has each once.
  mutating func foreign(
    _ kind: ForeignValue.Kind, _ text: String, remedy: String? = nil
  ) throws(CoppiceError) -> Int {
    let value = ForeignValue(kind: kind, text: text, remedy: remedy)
    if let place = foreignPlaces[value] { return place }
    // A few bytes of a pickle can combine two names into a new one.
    try charge(64)
    foreignPlaces[value] = foreignValues.count
    foreignValues.append(value)
    return foreignValues.count - 1
  }

  /// Returns the value of the name of a function or a class, which is never imported.
  mutating func named(_ module: String, _ name: String) throws(CoppiceError) -> PickleValue {
    if let global = PickleGlobal(module: module, name: name) { return .global(global) }
    // Making a long name printable takes time.
    try charge(16)
    return .name(try index(ofName: "\(module.printable).\(name.printable)"))
  }

  /// Returns the index of a name in the table, which has each once.
  private mutating func index(ofName name: String) throws(CoppiceError) -> Int {
    if let place = namePlaces[name] { return place }
    try charge(64)
    namePlaces[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// Returns the object that a class or a function makes of arguments.
  ///
  /// The functions of `copyreg` make objects of the class that is their first argument.
  mutating func object(
    ofName place: Int, _ arguments: [PickleValue], _ keywords: PickleValue?, isResult: Bool
  ) throws(CoppiceError) -> PickleValue {
    switch (names[place], arguments.count) {
    case ("copyreg._reconstructor", 3), ("copy_reg._reconstructor", 3):
      // The second is the type of the third, which is the content of a subclass of that type.
      var content = [arguments[2]]
      if case .none = arguments[2] { content = [] }
      return try object(of: arguments[0], content, keywords)
    case ("copyreg.__newobj__", 1...), ("copy_reg.__newobj__", 1...):
      return try object(of: arguments[0], Array(arguments.dropFirst()), keywords)
    case ("copyreg.__newobj_ex__", 3):
      return try object(of: arguments[0], try tuple(arguments[1]), arguments[2])
    case ("builtins.getattr", 2), ("__builtin__.getattr", 2):
      if let name = try attribute(arguments[1], of: arguments[0]) { return name }
      return try object(place, arguments, keywords, isResult: true)
    default: return try object(place, arguments, keywords, isResult: isResult)
    }
  }

  /// Returns the name of an attribute of a class, as it would be named directly; `nil` for another
  /// attribute.
  private mutating func attribute(
    _ name: PickleValue, of value: PickleValue
  ) throws(CoppiceError) -> PickleValue? {
    guard case .name(let place) = value, case .string(let name) = name,
      names[place].utf8.count + name.utf8.count <= 200
    else { return nil }
    return .name(try index(ofName: "\(names[place]).\(name.printable)"))
  }

  /// Returns an object of a class that is an argument itself.
  private mutating func object(
    of type: PickleValue, _ arguments: [PickleValue], _ keywords: PickleValue?
  ) throws(CoppiceError) -> PickleValue {
    try charge(arguments.count)
    switch type {
    // Not by `call`: such a function may be its own argument, many times.
    case .name(let place): return try object(place, arguments, keywords)
    case .global(let global): return try result(of: global, arguments, keywords)
    default: return .foreign(try foreign(.value, "an object of \(words(type)), which is no class"))
    }
  }

  /// Returns an object of a known class that isn't made in a known way.
  mutating func object(
    of global: PickleGlobal, _ arguments: [PickleValue], _ keywords: PickleValue? = nil
  ) throws(CoppiceError) -> PickleValue {
    try object(try index(ofName: global.name), arguments, keywords, isResult: true)
  }

  /// Returns an object of the class or function with the name at an index.
  mutating func object(
    _ type: Int, _ arguments: [PickleValue], _ keywords: PickleValue? = nil,
    state: PickleValue? = nil, isResult: Bool = false
  ) throws(CoppiceError) -> PickleValue {
    // An object takes as much memory as the values of several instructions.
    try charge(4)
    objects.append(
      PickleObject(
        type: type, isResult: isResult, arguments: arguments, keywords: keywords, state: state))
    return .object(objects.count - 1)
  }

  /// Returns a description of a value that isn't plain, for messages.
  func words(_ value: PickleValue) -> String {
    switch value {
    case .name(let place): ForeignValue(kind: .name, text: names[place]).words
    case .global(let global): ForeignValue(kind: .name, text: global.name).words
    case .object(let place):
      ForeignValue(kind: .object, text: names[objects[place].type]).words
    case .foreign(let place): foreignValues[place].words
    default: "a plain value"
    }
  }

  /// Returns the first value that isn't plain among a value and the items of a tuple.
  func firstForeign(in value: PickleValue) -> PickleValue? {
    if value.isForeign { return value }
    guard case .container(let place) = value, containers[place].kind == .tuple else { return nil }
    // Longer tuples can't be extents.
    return containers[place].items.prefix(limits.rank).first { $0.isForeign }
  }
}

extension PickleValue {
  /// Whether the value is an object, a function or a class that the unpickler doesn't know, or one
  /// that no tree can hold.
  var isForeign: Bool {
    switch self {
    case .name, .object, .foreign: true
    default: false
    }
  }
}
