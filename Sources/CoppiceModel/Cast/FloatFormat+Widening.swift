extension FloatFormat {
  /// Returns the bits of the 64-bit number with the value of a code.
  ///
  /// NaNs of formats with 16 bits or more keep their payload in the top bits, and stay signalling.
  /// NaNs of narrower formats become the quiet NaN of their sign, as in ml_dtypes.
  func widen(_ code: UInt64) -> UInt64 {
    guard specials != .powersOfTwo else { return Self.widenPowerOfTwo(code) }
    let sign = code & signBit == 0 ? 0 : Self.float64.signBit
    let magnitude = code & (signBit - 1)
    guard !isNaN(code) else { return sign | widenedNaN(magnitude) }
    let fraction = magnitude & ((1 << UInt64(fractionBits)) - 1)
    let exponent = Int(magnitude >> UInt64(fractionBits))
    if specials == .ieee, magnitude > largest { return sign | Self.infinity }
    guard exponent == 0 else {
      return sign | UInt64(exponent - bias + 1023) << 52 | fraction << UInt64(52 - fractionBits)
    }
    guard fraction != 0 else { return sign }
    guard fractionBits < 52 else { return sign | fraction }
    // A subnormal number: its highest set bit becomes the implied bit.
    let shift = fraction.leadingZeroBitCount - 11
    let normal = (fraction << UInt64(shift)) & (Self.float64.signBit >> 11 - 1)
    return sign | UInt64(1023 - bias - fractionBits + 52 - shift + 1) << 52 | normal
  }

  /// Returns whether a code is a NaN.
  func isNaN(_ code: UInt64) -> Bool {
    let magnitude = code & (signBit - 1)
    return switch specials {
    case .ieee: magnitude > largest + 1
    case .finiteWithNaN: magnitude > largest
    case .unsignedZero: code == signBit
    case .none: false
    case .powersOfTwo: code > largest
    }
  }

  static let infinity: UInt64 = 0x7ff0_0000_0000_0000
  static let quietNaN: UInt64 = 0x7ff8_0000_0000_0000

  private func widenedNaN(_ magnitude: UInt64) -> UInt64 {
    guard exponentBits + fractionBits > 8 else { return Self.quietNaN }
    let payload = magnitude & ((1 << UInt64(fractionBits)) - 1)
    return Self.infinity | payload << UInt64(52 - fractionBits)
  }

  private static func widenPowerOfTwo(_ code: UInt64) -> UInt64 {
    code == 0xFF ? quietNaN : (code &- 127 &+ 1023) << 52
  }
}
