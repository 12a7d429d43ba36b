import CoppiceModel

extension MetadataPickle {
  private static let mostUsed = 1 << 24

  /// Returns the numbers of the memo that a pickle uses.
  ///
  /// A pickler numbers all containers and objects, and uses few of these numbers again.
  static func usedNumbers(
    in source: any ByteSource, limits: ReadLimits
  ) throws(CoppiceError) -> Set<Int> {
    var input = PickleInput(source, at: 0, limit: limits.documentBytes)
    var used: Set<Int> = []
    while true {
      guard let instruction = PickleInstruction(rawValue: try input.byte()) else {
        throw CoppiceError(
          .pytorchPickle,
          "the pickle has an instruction that no metadata need; the file is damaged, so copy it again",
          at: .init(offset: input.offset - 1))
      }
      switch instruction {
      case .stop: return used
      case .binGet: used.insert(try input.integer(1))
      case .longBinGet: used.insert(try input.integer(4))
      case .get: used.insert(Int(String(decoding: try input.line(), as: UTF8.self)) ?? -1)
      default: try pass(instruction, in: &input)
      }
      guard used.count <= mostUsed else {
        throw CoppiceError(
          .pytorchLimit, "the metadata have more values than any that are read here",
          at: .init(offset: input.offset))
      }
    }
  }

  /// Passes over the argument of an instruction.
  static func pass(
    _ instruction: PickleInstruction, in input: inout PickleInput
  ) throws(CoppiceError) {
    switch instruction {
    case .proto, .binInt1, .binPut, .binGet: _ = try input.byte()
    case .binInt2: _ = try input.bytes(2)
    case .binInt, .longBinPut, .longBinGet: _ = try input.bytes(4)
    case .frame, .binFloat: _ = try input.bytes(8)
    case .long1, .shortBinString, .shortBinUnicode, .shortBinBytes:
      _ = try input.bytes(try input.integer(1))
    case .long4, .binString, .binUnicode, .binBytes: _ = try input.bytes(try input.integer(4))
    case .binUnicode8, .binBytes8, .byteArray8: _ = try input.bytes(try input.integer(8))
    case .int, .long, .float, .put, .get: _ = try input.line()
    case .global, .instance: _ = (try input.line(), try input.line())
    default: break
    }
  }
}
