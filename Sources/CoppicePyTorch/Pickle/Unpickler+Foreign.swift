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
    return .foreign(try foreign(.name, "\(module.printable).\(name.printable)"))
  }

  /// Returns the first foreign value among a value, the class of a storage, and the items of a tuple.
  func firstForeign(in value: PickleValue) -> Int? {
    switch value {
    case .foreign(let place): return place
    case .container(let place) where containers[place].kind == .tuple:
      // Longer tuples can't be extents.
      for case .foreign(let place) in containers[place].items.prefix(limits.rank) { return place }
      return nil
    default: return nil
    }
  }

  /// Returns the result of calling a foreign value: another foreign value, whatever the arguments.
  mutating func result(
    ofForeign place: Int, _ arguments: PickleValue
  ) throws(CoppiceError) -> PickleValue {
    let function = foreignValues[place]
    guard function.kind == .name else { return .foreign(place) }
    if let kind = PickleGlobal.tensorKinds[function.text] {
      return .foreign(try foreign(.tensor, kind, remedy: "convert it in torch first"))
    }
    var first: PickleValue?
    if case .container(let tuple) = arguments { first = containers[tuple].items.first }
    return .foreign(try foreign(.object, className(function.text, first)))
  }

  /// Returns the class of a function's result; some functions make objects of a class passed to
  /// them.
  private func className(_ function: String, _ argument: PickleValue?) -> String {
    var given: String?
    if case .foreign(let place)? = argument { given = foreignValues[place].text }
    switch function {
    case "copyreg._reconstructor", "copy_reg._reconstructor": return given ?? function
    case "numpy.dtype":
      guard case .string(let code)? = argument, let type = Self.numpyTypes[code] else {
        return function
      }
      return Self.numpyType + type + "]"
    case "numpy._core.multiarray.scalar", "numpy.core.multiarray.scalar":
      guard let given, given.hasPrefix(Self.numpyType) else { return "numpy.generic" }
      return "numpy." + given.dropFirst(Self.numpyType.count).dropLast()
    case "numpy._core.multiarray._reconstruct", "numpy.core.multiarray._reconstruct",
      "numpy._core.numeric._frombuffer", "numpy.core.numeric._frombuffer":
      return "numpy.ndarray"
    default: return function
    }
  }

  private static let numpyType = "numpy.dtype["

  private static let numpyTypes = [
    "b1": "bool", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64", "u1": "uint8",
    "u2": "uint16", "u4": "uint32", "u8": "uint64", "f2": "float16", "f4": "float32",
    "f8": "float64", "f16": "longdouble", "c8": "complex64", "c16": "complex128",
    "M8": "datetime64", "m8": "timedelta64",
  ]
}
