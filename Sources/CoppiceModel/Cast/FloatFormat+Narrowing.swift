extension FloatFormat {
  /// A code, and its distance from the requested number.
  struct Narrowed {
    /// The accuracy of a code.
    enum Fit: Int, Comparable {
      /// The same value, including a zero's sign; for a NaN, any NaN.
      case exact
      /// The nearest value, but not the same.
      case rounded
      /// No near value: the number is beyond the largest one, or the format has nothing like it.
      case none

      static func < (left: Fit, right: Fit) -> Bool { left.rawValue < right.rawValue }
    }

    /// The code; with the fit `none`, the code that ml_dtypes uses.
    var code: UInt64
    var fit: Fit
  }

  /// The treatment of a NaN's payload.
  enum NaNRule {
    /// The payload is dropped: one quiet NaN per sign.
    case canonical
    /// The top bits are kept, and a signalling NaN stays signalling.
    case payload
    /// The top bits are kept, and a signalling NaN becomes quiet.
    case quieted
  }

  /// Returns the code nearest to a 64-bit number, ties to even.
  func narrow(_ wide: UInt64, nans rule: NaNRule) -> Narrowed {
    let isNegative = wide >> 63 != 0
    let magnitude = wide & (Self.float64.signBit - 1)
    if magnitude > Self.infinity { return narrowNaN(wide, rule) }
    guard specials != .powersOfTwo else {
      return isNegative ? Narrowed(code: 0xFF, fit: .none) : narrowPowerOfTwo(magnitude)
    }
    let sign = isNegative ? signBit : 0
    if magnitude == Self.infinity {
      return Narrowed(code: overflow(sign), fit: hasInfinity ? .exact : .none)
    }
    guard fractionBits < 52 else { return Narrowed(code: wide, fit: .exact) }
    guard magnitude != 0 else {
      return isNegative && !hasMinusZero
        ? Narrowed(code: 0, fit: .rounded) : Narrowed(code: sign, fit: .exact)
    }
    let rounded = roundedMagnitude(magnitude)
    if rounded.code > largest { return Narrowed(code: overflow(sign), fit: .none) }
    let lostSign = rounded.code == 0 && !hasMinusZero
    return Narrowed(code: rounded.code | (lostSign ? 0 : sign), fit: rounded.fit)
  }

  /// Returns the code of a number other than zero, as if exponents had no upper limit.
  private func roundedMagnitude(_ magnitude: UInt64) -> Narrowed {
    let (exponent, significand) = Self.normalized(magnitude)
    // One less than the exponent's code: the significand's leading bit adds the one.
    let exponentCode = exponent + bias - 1
    // With a shift of 54 even the largest significand rounds to zero.
    let shift = UInt64(min(52 - fractionBits + max(0, -exponentCode), 54))
    let half: UInt64 = 1 << (shift - 1)
    let odd = (significand >> shift) & 1
    let rounded = (significand + half - 1 + odd) >> shift
    let isExact = significand & (half << 1 - 1) == 0
    return Narrowed(
      code: rounded + UInt64(max(0, exponentCode)) << UInt64(fractionBits),
      fit: isExact ? .exact : .rounded)
  }

  /// Returns the exponent of a number other than zero, and its significand with 53 bits.
  private static func normalized(_ magnitude: UInt64) -> (exponent: Int, significand: UInt64) {
    let fraction = magnitude & 0xF_FFFF_FFFF_FFFF
    guard magnitude == fraction else {
      return (Int(magnitude >> 52) - 1023, fraction | 1 << 52)
    }
    let shift = fraction.leadingZeroBitCount - 11
    return (-1022 - shift, fraction << UInt64(shift))
  }

  /// Returns the nearest power of two, ties to the larger one, as in IEEE 754 for formats of one
  /// digit.
  private func narrowPowerOfTwo(_ magnitude: UInt64) -> Narrowed {
    guard magnitude != 0, magnitude != Self.infinity else {
      return Narrowed(code: 0xFF, fit: .none)
    }
    let (exponent, significand) = Self.normalized(magnitude)
    let isExact = significand == 1 << 52
    let isAboveLeast = exponent + bias == 0 && !isExact && roundsUpAboveLeastPower
    let code = exponent + bias + (significand >> 51 == 3 || isAboveLeast ? 1 : 0)
    if code > Int(largest) { return Narrowed(code: largest + 1, fit: .none) }
    return Narrowed(
      code: UInt64(max(code, 0)), fit: isExact && code >= 0 ? .exact : .rounded)
  }

  /// Returns the code for infinity; in formats without one, the NaN, or else the largest number.
  private func overflow(_ sign: UInt64) -> UInt64 {
    switch specials {
    case .ieee: sign | (largest + 1)
    case .finiteWithNaN: sign | (largest + 1)
    case .unsignedZero: signBit
    case .none: sign | largest
    case .powersOfTwo: 0xFF
    }
  }

  private func narrowNaN(_ wide: UInt64, _ rule: NaNRule) -> Narrowed {
    let sign = wide >> 63 == 0 ? 0 : signBit
    switch specials {
    // In ml_dtypes, a NaN without sign becomes minus zero, and a NaN with a sign becomes zero.
    case .none: return Narrowed(code: signBit - sign, fit: .none)
    case .unsignedZero: return Narrowed(code: signBit, fit: .exact)
    case .powersOfTwo: return Narrowed(code: 0xFF, fit: .exact)
    case .finiteWithNaN: return Narrowed(code: sign | (largest + 1), fit: .exact)
    case .ieee: break
    }
    let infinity = largest + 1
    let quietBit: UInt64 = 1 << UInt64(fractionBits - 1)
    let payload = (wide & 0xF_FFFF_FFFF_FFFF) >> UInt64(52 - fractionBits)
    let kept: UInt64 =
      switch rule {
      case .canonical: quietBit
      case .quieted: payload | quietBit
      case .payload: max(payload, 1)
      }
    return Narrowed(code: sign | infinity | kept, fit: .exact)
  }
}
