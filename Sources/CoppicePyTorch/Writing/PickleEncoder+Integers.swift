import CoppiceModel

extension PickleEncoder {
  /// Encodes an integer in the shortest form.
  mutating func integer(_ number: Int) {
    switch number {
    case 0..<0x100: append(opcode: UInt8(ascii: "K"), [UInt8(number)])
    case 0x100..<0x1_0000:
      append(opcode: UInt8(ascii: "M"), [UInt8(number & 0xFF), UInt8(number >> 8)])
    case Int(Int32.min)...Int(Int32.max):
      append(
        opcode: UInt8(ascii: "J"),
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    default:
      long((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }
  }

  /// Encodes an integer of any size.
  ///
  /// - Returns: `false` for one of more than 255 bytes, for which torch has no instruction.
  mutating func integer(_ number: IntegerText) -> Bool {
    if let small = Int(number.text) {
      integer(small)
      return true
    }
    guard let bytes = Self.complement(number.text) else { return false }
    return long(bytes)
  }

  /// Encodes a two's complement, lowest byte first, without its superfluous bytes.
  ///
  /// - Returns: `false` if more than 255 bytes remain.
  @discardableResult private mutating func long(_ bytes: [UInt8]) -> Bool {
    var bytes = bytes
    while let last = bytes.last, bytes.count > 1,
      last == (bytes[bytes.count - 2] >= 0x80 ? 0xFF : 0)
    {
      bytes.removeLast()
    }
    guard let count = UInt8(exactly: bytes.count) else { return false }
    append(opcode: 0x8A, [count] + bytes)
    return true
  }

  /// Returns the two's complement of a decimal number, lowest byte first, in at most 256 bytes.
  private static func complement(_ text: String) -> [UInt8]? {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    var bytes: [UInt8] = []
    for digit in text.utf8.dropFirst(isNegative ? 1 : 0) {
      var carry = Int(digit) - 0x30
      for index in bytes.indices {
        carry += Int(bytes[index]) * 10
        bytes[index] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      if carry > 0 { bytes.append(UInt8(carry)) }
      guard bytes.count <= 255 else { return nil }
    }
    // One more byte, for the sign.
    bytes.append(0)
    guard isNegative else { return bytes }
    var carry = 1
    for index in bytes.indices {
      carry += Int(~bytes[index])
      bytes[index] = UInt8(carry & 0xFF)
      carry >>= 8
    }
    return bytes
  }
}
