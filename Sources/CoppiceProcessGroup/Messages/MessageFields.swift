/// Bytes of a message, written field by field: integers little-endian, everything else behind its length.
package struct MessageWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ byte: UInt8) { bytes.append(byte) }

  package mutating func write(_ integer: Int) {
    let value = UInt64(bitPattern: Int64(integer))
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  package mutating func write(integers: [Int]) {
    write(integers.count)
    for integer in integers { write(integer) }
  }

  package mutating func write(_ field: some Collection<UInt8>) {
    write(field.count)
    bytes.append(contentsOf: field)
  }

  package mutating func write(_ text: String?) {
    write(UInt8(text == nil ? 0 : 1))
    if let text { write(text.utf8) }
  }
}

/// The fields of a message; each read returns `nil` where the message ends too early.
package struct MessageReader {
  private var rest: ArraySlice<UInt8>

  package init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

  package mutating func byte() -> UInt8? { rest.popFirst() }

  package mutating func integer() -> Int? {
    guard rest.count >= 8 else { return nil }
    var value: UInt64 = 0
    for (place, byte) in rest.prefix(8).enumerated() {
      value |= UInt64(byte) << (8 * UInt64(place))
    }
    rest = rest.dropFirst(8)
    return Int(exactly: Int64(bitPattern: value))
  }

  package mutating func integers() -> [Int]? {
    guard let count = integer(), count >= 0, count <= rest.count / 8 else { return nil }
    return (0..<count).compactMap { _ in integer() }
  }

  package mutating func field() -> [UInt8]? {
    guard let count = integer(), count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// The text, with `.some(nil)` for a missing one.
  package mutating func text() -> String?? {
    guard let mark = byte() else { return nil }
    guard mark == 1 else { return .some(nil) }
    guard let field = field() else { return nil }
    return .some(String(decoding: field, as: UTF8.self))
  }
}
