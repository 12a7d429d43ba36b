import CoppiceModel

extension MetadataPickle {
  /// The modules whose functions make the objects that describe a checkpoint, or its place.
  private static let modules: Set<String> = [
    "torch", "collections", "pathlib", "copyreg", "copy_reg", "megatron", "nvidia_resiliency_ext",
  ]

  func stranger(_ place: Int) -> CoppiceError {
    CoppiceError(
      .pytorchGlobal,
      "the pickle calls \((strange[place] ?? "").printable).\(texts[place].printable), which the metadata of a "
        + "checkpoint don't need; nothing was executed", at: .init(offset: input.offset))
  }

  func long(_ bytes: ArraySlice<UInt8>) -> Value {
    bytes.count <= 8 ? .integer(Int(twosComplement: bytes)) : .other
  }

  mutating func text(_ bytes: ArraySlice<UInt8>) throws(CoppiceError) -> Value {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw damaged }
    return .text(place(of: text))
  }

  mutating func place(of text: String) -> Int {
    if let place = textPlaces[.string(text)] { return place }
    textPlaces[.string(text)] = texts.count
    texts.append(text)
    return texts.count - 1
  }

  mutating func named(_ module: String, _ name: String) -> Value {
    if module == "torch", case .dtype? = PickleGlobal(module: module, name: name) {
      return .dtype(place(of: name))
    }
    // Programs derive classes of their own, so only the last part of the name counts.
    let place = place(of: name)
    let root = module.prefix { $0 != "." }
    if !Self.modules.contains(String(root)) { strange[place] = module }
    return .name(place)
  }

  /// Returns the object that a class or function makes.
  mutating func result(
    of function: Value, _ arguments: Value
  ) throws(CoppiceError) -> Value {
    guard case .name(let name) = function else { return .other }
    var given: [Value] = []
    if case .container(let place) = arguments { given = items(place) }
    switch Known(rawValue: name) {
    case .size:
      // A tuple in a tuple; the inner one is the result.
      if case .container? = given.first { return given[0] }
      push([])
      return try pop()
    case .orderedDictionary:
      push([])
      return try pop()
    case .reconstructor:
      guard case .name(let type)? = given.first else { return .other }
      return object(type)
    default: return object(name)
    }
  }

  private mutating func object(_ name: Int) -> Value {
    objects.append(.plain(name: name, state: .none))
    return .object(objects.count - 1)
  }

  /// Gives the object on top its state.
  mutating func build(_ state: Value) throws(CoppiceError) {
    guard case .object(let object) = try top(), objects.indices.contains(object),
      case .plain(let name, _) = objects[object]
    else { return }
    objects[object] = .plain(name: name, state: state)
    guard case .container(let place) = state,
      let short = try short(Known(rawValue: name), items(place))
    else { return }
    objects[object] = short
    // What was made since the state was begun is only referred to by it, or by the memo.
    if place >= kept { containers.removeSubrange(min(place, containers.count)...) }
  }

  /// Returns the short form of an object of one of the three frequent classes.
  private mutating func short(
    _ type: Known?, _ state: [Value]
  ) throws(CoppiceError) -> Object? {
    let start = numbers.count
    switch type {
    case .box:
      guard let rank = append(Self.member(.offsets, of: state)),
        append(Self.member(.sizes, of: state)) == rank
      else { throw damaged }
      return .box(start: start, rank: rank)
    case .key:
      guard case .text(let text)? = Self.member(.text, of: state) else { throw damaged }
      guard case .container? = Self.member(.offset, of: state) else {
        return .key(text: Int32(text), rank: -1, start: start)
      }
      guard let rank = append(Self.member(.offset, of: state)) else { throw damaged }
      return .key(text: Int32(text), rank: Int32(rank), start: start)
    case .place:
      guard case .text(let file)? = Self.member(.file, of: state),
        case .integer(let offset)? = Self.member(.offset, of: state),
        case .integer(let length)? = Self.member(.length, of: state)
      else { throw damaged }
      var transforms = -1
      if case .container(let place)? = Self.member(.transforms, of: state) {
        transforms = self.transforms(items(place))
      }
      return .place(
        file: Int32(file), transforms: Int32(transforms), offset: offset, length: length)
    default: return nil
    }
  }

  private static func member(_ name: Known, of state: [Value]) -> Value? {
    for index in stride(from: 0, to: state.count - 1, by: 2) {
      if case .text(name.rawValue) = state[index] { return state[index + 1] }
    }
    return nil
  }

  /// Appends the numbers of a tuple; returns their count, or `nil` if it isn't one of a shape.
  private mutating func append(_ value: Value?) -> Int? {
    guard case .container(let place)? = value else { return nil }
    let items = items(place)
    guard items.count <= limits.rank else { return nil }
    for item in items {
      guard case .integer(let number) = item else { return nil }
      numbers.append(number)
    }
    return items.count
  }

  /// Returns the index of a text with the names of transforms.
  private mutating func transforms(_ items: [Value]) -> Int {
    var names: [String] = []
    for case .text(let name) in items { names.append(texts[name]) }
    return place(of: names.joined(separator: ", "))
  }
}
