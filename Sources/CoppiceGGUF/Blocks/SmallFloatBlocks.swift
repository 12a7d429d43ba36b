// Blocks of floats of four bits, E2M1 of the OCP's Microscaling formats: a sign, two bits of exponent, one of mantissa.

/// The elements of E2M1, times two, which are integers.
private enum DoubledE2M1 {
  static func number(_ bits: UInt8) -> Float {
    let (exponent, mantissa) = (bits >> 1 & 3, bits & 1)
    let magnitude = exponent == 0 ? Int(mantissa) : Int(2 + mantissa) << Int(exponent - 1)
    // There is no negative zero.
    return Float(bits & 8 == 0 ? magnitude : -magnitude)
  }
}

/// Groups of 32 with a scale that is a power of two.
enum MXFP4: QuantizedBlock {
  static let elementCount = 32
  static let byteCount = 17

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    // Half of the power, since the numbers are doubled; the two least are subnormal.
    let power = UInt32(block[0])
    let half = Float(bitPattern: power < 2 ? 0x20_0000 << power : (power - 1) << 23)
    for index in 0..<16 {
      let pair = block[1 + index]
      elements[index] = half * DoubledE2M1.number(pair & 15)
      elements[16 + index] = half * DoubledE2M1.number(pair >> 4)
    }
  }
}

/// Groups of 16 with a scale that is a float of seven bits, E4M3 without a sign.
enum NVFP4: QuantizedBlock {
  static let elementCount = 64
  static let byteCount = 36

  static func decode(_ block: Span<UInt8>, to elements: inout MutableSpan<Float>) {
    for group in 0..<4 {
      let half = halfScale(block[group])
      for index in 0..<8 {
        let pair = block[4 + group * 8 + index]
        elements[group * 16 + index] = half * DoubledE2M1.number(pair & 15)
        elements[group * 16 + 8 + index] = half * DoubledE2M1.number(pair >> 4)
      }
    }
  }

  /// Returns half of a scale; what would be no number is zero.
  private static func halfScale(_ bits: UInt8) -> Float {
    let (exponent, mantissa) = (bits >> 3 & 15, Float(bits & 7))
    guard bits != 0x7F else { return 0 }
    guard exponent > 0 else { return mantissa * 0x1p-10 }
    return (8 + mantissa) * Float(bitPattern: (UInt32(exponent) + 127 - 7 - 4) << 23)
  }
}
