import CoppiceJSON
import CoppiceModel

extension JSONNode {
  func unsigned() throws(CoppiceError) -> UInt64 {
    guard kind == .string else { return UInt64(try nonNegativeInt()) }
    guard let number = UInt64(try string()) else {
      throw error(.jsonType, "this is no unsigned number of 64 bits")
    }
    return number
  }

  func signed() throws(CoppiceError) -> Int {
    guard kind == .string else { return try int() }
    guard let number = Int(try string()) else {
      throw error(.jsonType, "this is no number of 64 bits")
    }
    return number
  }

  func narrow<Number: FixedWidthInteger>(_ type: Number.Type) throws(CoppiceError) -> Number {
    guard let number = Number(exactly: try int()) else {
      throw error(.jsonNumberRange, "this is no number of \(type.bitWidth) bits")
    }
    return number
  }

  func unsigneds() throws(CoppiceError) -> [UInt64] {
    try map { (node) throws(CoppiceError) in try node.unsigned() }
  }

  /// Returns the elements of an array, each converted by a closure.
  func map<Element>(
    _ body: (JSONNode) throws(CoppiceError) -> Element
  ) throws(CoppiceError) -> [Element] {
    let nodes = try array()
    var elements: [Element] = []
    elements.reserveCapacity(nodes.count)
    for node in nodes { elements.append(try body(node)) }
    return elements
  }

  /// Reads bytes written as text or as `{"hex": …}`.
  func text() throws(CoppiceError) -> [UInt8] {
    if kind == .string { return Array(try string().utf8) }
    var reader = try JSONObjectReader(self)
    let bytes = try reader.required("hex").hex()
    try reader.rejectUnknown()
    return bytes
  }

  /// Reads bytes written as hexadecimal digits.
  func hex() throws(CoppiceError) -> [UInt8] {
    let digits = Array(try string().utf8)
    guard digits.count.isMultiple(of: 2) else { throw error(.jsonType, "half a byte is missing") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for position in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.nibble(digits[position]), let low = Self.nibble(digits[position + 1])
      else { throw error(.jsonType, "these are no hexadecimal digits") }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
