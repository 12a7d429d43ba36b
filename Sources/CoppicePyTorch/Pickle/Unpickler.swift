import CoppiceModel

/// A builder of one pickle's values, which executes nothing.
///
/// The instructions of a pickle push values, collect them into containers, store them by number,
/// and call functions. The unpickler knows a fixed list of functions and builds their results
/// itself. Of any other function or class it keeps the name, and of an object of such a class the
/// arguments and the state. It counts instructions and bytes, so that no pickle takes more memory
/// than a small multiple of its size.
struct Unpickler: PickleMachine {
  var input: PickleInput
  var stack: [PickleValue] = []

  var marks: [Int] = []

  var memo: [Int: PickleValue] = [:]
  var containers: [PickleContainer] = []
  var tensors: [PickleTensor] = []
  var storages: [PickleStorage] = []

  /// The indexes of the storages, so that each is in the table once.
  var storagePlaces: [PickleStorage: Int] = [:]

  /// The offset of the current instruction.
  var start = 0

  /// The names of other functions and classes, each once, then the index of each.
  var names: [String] = []
  var namePlaces: [String: Int] = [:]

  /// The objects of other classes.
  var objects: [PickleObject] = []

  /// The values that no tree can hold, each once, then the index of each.
  var foreignValues: [ForeignValue] = []
  var foreignPlaces: [ForeignValue: Int] = [:]

  let limits: ReadLimits

  /// The number of instructions that may still be executed.
  private var budget = 1 << 23

  /// The most bytes of a pickle; the tensors' bytes are elsewhere.
  private static let maximumBytes = 1 << 28

  init(_ source: any ByteSource, at offset: Int, limits: ReadLimits) {
    input = PickleInput(source, at: offset, limit: Self.maximumBytes)
    self.limits = limits
  }

  /// Executes the instructions up to the last.
  ///
  /// - Returns: The value of the pickle.
  /// - Throws: `pytorch.*` with the offset of the instruction; `io.*`.
  mutating func run() throws(CoppiceError) -> PickleValue {
    while true {
      start = input.offset
      try charge(1)
      let code = try input.byte()
      guard let instruction = PickleInstruction(rawValue: code) else {
        throw fault(
          .pytorchInstruction,
          "the instruction 0x\(String(code, radix: 16)) is not one that tensors and containers take"
        )
      }
      if instruction == .stop { return try pop() }
      try carryOut(instruction)
    }
  }

  /// Counts work: an instruction, or several for one that copies values.
  mutating func charge(_ count: Int) throws(CoppiceError) {
    guard count <= budget else {
      throw fault(.pytorchLimit, "the pickle takes more instructions than any that is read here")
    }
    budget -= count
  }

  func fault(_ code: CoppiceError.Code, _ message: String) -> CoppiceError {
    CoppiceError(code, message, at: .init(offset: start))
  }

  var damaged: CoppiceError {
    fault(.pytorchPickle, "the pickle breaks the rules of pickles; the file is damaged")
  }

  mutating func push(_ kind: PickleContainer.Kind, _ items: [PickleValue]) {
    stack.append(.container(containers.count))
    containers.append(PickleContainer(kind: kind, items: items))
  }

  /// Returns the items of a tuple.
  func tuple(_ value: PickleValue) throws(CoppiceError) -> [PickleValue] {
    guard case .container(let place) = value, containers[place].kind == .tuple else {
      throw fault(.pytorchArguments, "a tuple is expected here; the pickle is damaged")
    }
    return containers[place].items
  }
}
