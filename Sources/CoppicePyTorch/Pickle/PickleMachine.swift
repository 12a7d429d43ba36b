import CoppiceModel

/// What carries out a pickle's instructions: a stack of values, on which marks begin sequences.
protocol PickleMachine {
  associatedtype Value

  var stack: [Value] { get set }

  /// The positions of the open marks on the stack.
  var marks: [Int] { get set }

  /// The error of an instruction that finds less than it takes.
  var damaged: CoppiceError { get }
}

extension PickleMachine {
  /// Takes the last value; values below an open mark can't be taken.
  mutating func pop() throws(CoppiceError) -> Value {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw damaged }
    return value
  }

  /// Takes the last values, in the order in which they were pushed.
  mutating func pop(_ count: Int) throws(CoppiceError) -> [Value] {
    guard stack.count - (marks.last ?? 0) >= count else { throw damaged }
    let items = Array(stack.suffix(count))
    stack.removeLast(count)
    return items
  }

  /// Takes all values above the last mark, and the mark.
  mutating func popToMark() throws(CoppiceError) -> [Value] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw damaged }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  /// Takes the last value, or the last mark if nothing is above it.
  mutating func drop() throws(CoppiceError) {
    if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
  }

  func top() throws(CoppiceError) -> Value {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw damaged }
    return value
  }
}

extension Int {
  /// The number that at most eight bytes are in two's complement, lowest first.
  init(twosComplement bytes: ArraySlice<UInt8>) {
    var bits: UInt64 = bytes.last.map { $0 >= 0x80 } ?? false ? .max : 0
    for byte in bytes.reversed() { bits = bits << 8 | UInt64(byte) }
    self = Int(Int64(bitPattern: bits))
  }
}
