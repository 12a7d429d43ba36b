/// Parsing of decimal digits, eight at a time.
enum DecimalDigits {
  /// The powers of ten with exponents from 0 to 8.
  static let powers = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

  /// Returns the count of leading digits among eight characters, and the number that they spell.
  ///
  /// The first character is in the lowest byte.
  @inline(__always)
  static func leading(_ characters: UInt64) -> (count: Int, number: Int) {
    let text = UInt64(littleEndian: characters)
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Subtract "0": a digit becomes its value, any other character more than 9.
    let values = text ^ ones &* 0x30
    // The high bit marks non-digits; only the first mark counts, and no digit carries into it.
    let others = ((values &+ ones &* 0x76) | values) & (ones &* 0x80)
    let count = others.trailingZeroBitCount / 8
    guard count > 0 else { return (0, 0) }
    // Put zeros before the number, then join neighbours to pairs, fours, and all eight.
    var number = values << UInt64(8 * (8 - count))
    number = (number &* (10 << 8 | 1)) >> 8 & 0x00FF_00FF_00FF_00FF
    number = (number &* (100 << 16 | 1)) >> 16 & 0x0000_FFFF_0000_FFFF
    number = (number &* (10_000 << 32 | 1)) >> 32
    return (count, Int(number))
  }
}
