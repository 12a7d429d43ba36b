import CoppiceModel

extension MetadataPickle {
  mutating func carryOut(_ instruction: PickleInstruction) throws(CoppiceError) {
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

    case .pop: try drop()
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

  mutating func push(_ items: [Value]) {
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
}
