/// Parsing of sixteen lower-case hexadecimal digits, eight at a time.
enum HexDigits {
  /// Returns the number that sixteen digits spell, most significant first; `nil` otherwise.
  @inline(__always)
  static func number(_ text: Span<UInt8>) -> UInt64? {
    guard text.count == 16 else { return nil }
    let digits = unsafe text.bytes
    guard
      let high = eight(unsafe digits.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)),
      let low = eight(unsafe digits.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
    else { return nil }
    return high << 32 | low
  }

  /// Returns the number that eight digits spell; the first one is in the lowest byte.
  @inline(__always)
  private static func eight(_ text: UInt64) -> UInt64? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Bit 6 distinguishes letters from digits. Each byte becomes its value; no sum carries over.
    let letters = text >> 6 & ones
    let values = (text & (ones &* 0x0F)) &+ letters &* 9
    // Spelling the values again must give the text; letters must stand for 10 to 15, digits for
    // less.
    guard values &+ ones &* 0x30 &+ letters &* 0x27 == text, values & (ones &* 0xF0) == 0,
      (values &+ ones &* 6) >> 4 & ones == letters
    else { return nil }
    var number = UInt64(bigEndian: UInt64(littleEndian: values))
    number = (number | number >> 4) & 0x00FF_00FF_00FF_00FF
    number = (number | number >> 8) & 0x0000_FFFF_0000_FFFF
    return (number | number >> 16) & 0xFFFF_FFFF
  }
}
