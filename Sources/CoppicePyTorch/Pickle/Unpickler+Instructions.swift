import CoppiceModel

extension Unpickler {
  /// Executes one instruction.
  mutating func carryOut(_ instruction: PickleInstruction) throws(CoppiceError) {
    switch instruction {
    case .stop: break
    case .proto:
      let version = try input.byte()
      guard version <= 5 else {
        throw fault(.pytorchPickle, "the pickle is of protocol \(version); 0 to 5 are read")
      }
    case .frame: _ = try input.bytes(8)

    case .none, .newTrue, .newFalse, .int, .binInt, .binInt1, .binInt2, .long, .long1, .long4,
      .float, .binFloat, .unicode, .binString, .shortBinString, .binUnicode, .shortBinUnicode,
      .binUnicode8,
      .binBytes, .shortBinBytes, .binBytes8, .byteArray8:
      stack.append(try value(instruction))

    case .mark: marks.append(stack.count)
    case .emptyTuple: push(.tuple, [])
    case .tuple: push(.tuple, try popToMark())
    case .tuple1: push(.tuple, try pop(1))
    case .tuple2: push(.tuple, try pop(2))
    case .tuple3: push(.tuple, try pop(3))
    case .emptyList: push(.list, [])
    case .list: push(.list, try popToMark())
    case .emptyDict: push(.dict, [])
    case .dict: push(.dict, try pairs(try popToMark()))
    case .emptySet: push(.set, [])
    case .frozenSet: push(.set, try popToMark())
    case .append: try extend(.list, with: try pop(1))
    case .appends: try extend(.list, with: try popToMark())
    case .addItems: try extend(.set, with: try popToMark())
    case .setItem: try extend(.dict, with: try pop(2))
    case .setItems: try extend(.dict, with: try pairs(try popToMark()))

    case .pop: try drop()
    case .popMark: _ = try popToMark()
    case .duplicate: stack.append(try top())
    case .put: memo[try memoNumber()] = try top()
    case .binPut: memo[try input.integer(1)] = try top()
    case .longBinPut: memo[try input.integer(4)] = try top()
    case .memoize: memo[memo.count] = try top()
    case .get: try recall(try memoNumber())
    case .binGet: try recall(try input.integer(1))
    case .longBinGet: try recall(try input.integer(4))

    case .global:
      let module = try text(try input.line()[...])
      let name = try text(try input.line()[...])
      stack.append(try named(module, name))
    case .stackGlobal:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw damaged
      }
      stack.append(try named(module, name))
    case .reduce, .newObject:
      let arguments = try pop()
      stack.append(try call(try pop(), arguments, isResult: instruction == .reduce))
    case .newObjectWithKeywords:
      let keywords = try pop()
      let arguments = try pop()
      stack.append(try call(try pop(), arguments, keywords))
    case .object:
      let items = try popToMark()
      guard let type = items.first else { throw damaged }
      stack.append(try call(type, container(.tuple, Array(items.dropFirst()))))
    case .instance:
      let module = try text(try input.line()[...])
      let name = try text(try input.line()[...])
      let arguments = container(.tuple, try popToMark())
      stack.append(try call(try named(module, name), arguments))
    case .build: try build(try pop())
    case .binPersistentID: stack.append(try storage(try pop()))
    }
  }

  private func pairs(_ items: [PickleValue]) throws(CoppiceError) -> [PickleValue] {
    guard items.count.isMultiple(of: 2) else { throw damaged }
    return items
  }

  /// Adds values to the container or the object on top.
  private mutating func extend(
    _ kind: PickleContainer.Kind, with items: [PickleValue]
  ) throws(CoppiceError) {
    let container = try top()
    switch container {
    case .foreign: return
    case .object(let place) where kind == .dict: return objects[place].entries += items
    case .object(let place): return objects[place].items += items
    default: break
    }
    guard case .container(let place) = container, containers[place].kind == kind else {
      throw damaged
    }
    containers[place].items += items
  }

  private mutating func recall(_ number: Int) throws(CoppiceError) {
    guard let value = memo[number] else {
      throw fault(
        .pytorchPickle,
        "the pickle refers to its value number \(number), which doesn't exist; the file is damaged")
    }
    stack.append(value)
  }

  private mutating func memoNumber() throws(CoppiceError) -> Int {
    guard let number = Int(try text(try input.line()[...])), number >= 0 else { throw damaged }
    return number
  }
}
