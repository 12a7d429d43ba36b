import CoppiceModel

/// The values of the pickle in `.metadata`, which describes each box of each tensor.
///
/// A checkpoint of a thousand ranks has millions of boxes, whose descriptions would take gigabytes as a general pickle's
/// values. Here the three classes of which there are so many become a few numbers as soon as they are complete, and
/// what only they refer to is dropped. Nothing is executed: an object is its class and its state.
struct MetadataPickle {
  enum Value {
    case none
    case bool(Bool)
    case integer(Int)
    /// A text, by its index in the table.
    case text(Int)
    /// An element type of torch, by the index of its name among the texts.
    case dtype(Int)
    /// A class or function, by the index of its name among the texts.
    case name(Int)
    /// A tuple, list or dictionary, by its index in the table.
    case container(Int)
    case object(Int)
    /// A value that describes no data.
    case other
  }

  enum Object {
    /// An object of any other class, and the state that it was given.
    case plain(name: Int, state: Value)
    /// A box: the index of its first number, and the number of dimensions. Its offset comes first, then its extents.
    case box(start: Int, rank: Int)
    /// The key of an entry: a tensor's, and if a tensor's box is stored, its offset.
    case key(text: Int32, rank: Int32, start: Int)
    /// The place of an entry: its file and transforms, by their indexes among the texts and the containers.
    case place(file: Int32, transforms: Int32, offset: Int, length: Int)
  }

  private(set) var texts: [String] = []
  private(set) var numbers: [Int] = []
  private(set) var objects: [Object] = []
  private var containers: [[Value]] = []

  private var textPlaces: [TreeKey: Int] = [:]
  /// The modules of functions that nothing in the metadata needs, by the indexes of their names.
  private var strange: [Int: String] = [:]
  private var input: PickleInput
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]
  private var memoCount = 0
  /// The numbers of the memo that are used later; others needn't be kept.
  private let used: Set<Int>
  /// The number of containers that must stay, since the memo has the last of them.
  private var kept = 0
  private let limits: ReadLimits

  private static let mostValues = 1 << 20
  private static let mostContainers = 1 << 25

  /// The names that have a meaning here, which are the first in the table of texts.
  private enum Known: Int, CaseIterable {
    case box, key, place
    case offsets, sizes, text, offset, file, length, transforms
    case size, orderedDictionary, reconstructor

    var name: String {
      switch self {
      case .box: "ChunkStorageMetadata"
      case .key: "MetadataIndex"
      case .place: "_StorageInfo"
      case .offsets: "offsets"
      case .sizes: "sizes"
      case .text: "fqn"
      case .offset: "offset"
      case .file: "relative_path"
      case .length: "length"
      case .transforms: "transform_descriptors"
      case .size: "Size"
      case .orderedDictionary: "OrderedDict"
      case .reconstructor: "_reconstructor"
      }
    }
  }

  init(_ source: any ByteSource, limits: ReadLimits) throws(CoppiceError) {
    used = try Self.usedNumbers(in: source, limits: limits)
    input = PickleInput(source, at: 0, limit: limits.documentBytes)
    self.limits = limits
    for known in Known.allCases { _ = place(of: known.name) }
  }

  /// Executes the instructions up to the last.
  ///
  /// - Throws: `pytorch.pickle`, `pytorch.limit`; `io.*`.
  mutating func run() throws(CoppiceError) -> Value {
    while true {
      guard let instruction = PickleInstruction(rawValue: try input.byte()) else { throw damaged }
      if instruction == .stop { return try pop() }
      try carryOut(instruction)
      guard stack.count <= Self.mostValues, containers.count <= Self.mostContainers else {
        throw CoppiceError(
          .pytorchLimit, "the metadata have more values than any that are read here",
          at: .init(offset: input.offset))
      }
    }
  }

  /// The values of a container; in a dictionary, each key followed by its value.
  func items(_ container: Int) -> [Value] {
    containers.indices.contains(container) ? containers[container] : []
  }

  private var damaged: CoppiceError {
    CoppiceError(
      .pytorchPickle,
      "the pickle breaks the rules of pickles; the file is damaged, so copy it again",
      at: .init(offset: input.offset))
  }
}

extension MetadataPickle {
  private mutating func carryOut(_ instruction: PickleInstruction) throws(CoppiceError) {
    switch instruction {
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .binInt1: stack.append(.integer(Int(try input.byte())))
    case .binInt2: stack.append(.integer(try input.integer(2)))
    case .binInt:
      let bits = UInt32(truncatingIfNeeded: try input.integer(4))
      stack.append(.integer(Int(Int32(bitPattern: bits))))
    case .long1: stack.append(long(try input.bytes(try input.integer(1))))
    case .int, .long:
      // "I01" is True, which occurs in protocol 1 alone.
      let line = String(decoding: try input.line(), as: UTF8.self)
      let digits = line.hasSuffix("L") ? String(line.dropLast()) : line
      stack.append(Int(digits).map(Value.integer) ?? .other)
    case .binUnicode: stack.append(try text(try input.bytes(try input.integer(4))))
    case .shortBinUnicode: stack.append(try text(try input.bytes(try input.integer(1))))
    case .binUnicode8: stack.append(try text(try input.bytes(try input.integer(8))))

    case .mark: marks.append(stack.count)
    case .emptyTuple, .emptyList, .emptyDict, .emptySet: push([])
    case .tuple, .list, .dict, .frozenSet: push(try popToMark())
    case .tuple1: push(try pop(1))
    case .tuple2: push(try pop(2))
    case .tuple3: push(try pop(3))
    case .append: try extend(with: try pop(1))
    case .setItem: try extend(with: try pop(2))
    case .appends, .setItems, .addItems: try extend(with: try popToMark())

    case .pop:
      if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .duplicate: stack.append(try top())
    case .put: try remember(at: try number())
    case .binPut: try remember(at: try input.integer(1))
    case .longBinPut: try remember(at: try input.integer(4))
    case .memoize: try remember(at: memoCount)
    case .get: try recall(try number())
    case .binGet: try recall(try input.integer(1))
    case .longBinGet: try recall(try input.integer(4))

    case .global:
      let module = String(decoding: try input.line(), as: UTF8.self)
      let name = String(decoding: try input.line(), as: UTF8.self)
      stack.append(named(module, name))
    case .stackGlobal:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw damaged
      }
      stack.append(named(texts[module], texts[name]))
    case .newObject:
      let arguments = try pop()
      stack.append(try result(of: try pop(), arguments))
    case .reduce:
      let arguments = try pop()
      let function = try pop()
      if case .name(let place) = function, strange[place] != nil { throw stranger(place) }
      stack.append(try result(of: function, arguments))
    case .newObjectWithKeywords:
      _ = (try pop(), try pop())
      stack.append(try result(of: try pop(), .other))
    case .build: try build(try pop())
    default:
      // Numbers and bytes of kinds that describe no data, but whose arguments must be passed over.
      try Self.pass(instruction, in: &input)
      if instruction == .instance || instruction == .object { _ = try popToMark() }
      if instruction == .binPersistentID { _ = try pop() }
      if instruction != .proto, instruction != .frame { stack.append(.other) }
    }
  }

  // MARK: Stack and memo

  private mutating func pop() throws(CoppiceError) -> Value {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw damaged }
    return value
  }

  private mutating func pop(_ count: Int) throws(CoppiceError) -> [Value] {
    guard stack.count - (marks.last ?? 0) >= count else { throw damaged }
    let items = Array(stack.suffix(count))
    stack.removeLast(count)
    return items
  }

  private mutating func popToMark() throws(CoppiceError) -> [Value] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw damaged }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  private func top() throws(CoppiceError) -> Value {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw damaged }
    return value
  }

  private mutating func push(_ items: [Value]) {
    stack.append(.container(containers.count))
    containers.append(items)
  }

  private mutating func extend(with items: [Value]) throws(CoppiceError) {
    // Other objects, such as a dictionary of a class of its own, describe no data.
    guard case .container(let place) = try top() else { return }
    guard containers.indices.contains(place) else { throw damaged }
    containers[place] += items
  }

  private mutating func remember(at number: Int) throws(CoppiceError) {
    memoCount += 1
    guard used.contains(number) else { return }
    let value = try top()
    memo[number] = value
    if case .container = value { kept = containers.count }
  }

  private mutating func recall(_ number: Int) throws(CoppiceError) {
    guard let value = memo[number] else { throw damaged }
    stack.append(value)
  }

  private mutating func number() throws(CoppiceError) -> Int {
    guard let number = Int(String(decoding: try input.line(), as: UTF8.self)) else { throw damaged }
    return number
  }

  // MARK: Values

  /// The modules whose functions make the objects that describe a checkpoint, or its place.
  private static let modules: Set<String> = [
    "torch", "collections", "pathlib", "copyreg", "copy_reg", "megatron", "nvidia_resiliency_ext",
  ]

  private func stranger(_ place: Int) -> CoppiceError {
    CoppiceError(
      .pytorchGlobal,
      "the pickle calls \((strange[place] ?? "").printable).\(texts[place].printable), which the metadata of a "
        + "checkpoint don't need; nothing was executed", at: .init(offset: input.offset))
  }

  private func long(_ bytes: ArraySlice<UInt8>) -> Value {
    guard bytes.count <= 8 else { return .other }
    var bits: UInt64 = bytes.last.map { $0 >= 0x80 } ?? false ? .max : 0
    for byte in bytes.reversed() { bits = bits << 8 | UInt64(byte) }
    return .integer(Int(Int64(bitPattern: bits)))
  }

  private mutating func text(_ bytes: ArraySlice<UInt8>) throws(CoppiceError) -> Value {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw damaged }
    return .text(place(of: text))
  }

  private mutating func place(of text: String) -> Int {
    if let place = textPlaces[.string(text)] { return place }
    textPlaces[.string(text)] = texts.count
    texts.append(text)
    return texts.count - 1
  }

  private mutating func named(_ module: String, _ name: String) -> Value {
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
  private mutating func result(
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
  private mutating func build(_ state: Value) throws(CoppiceError) {
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
