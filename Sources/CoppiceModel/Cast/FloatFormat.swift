/// The bit layout of a binary floating-point dtype: sign, exponent, fraction.
struct FloatFormat {
  /// The codes that aren't finite numbers.
  enum Specials {
    /// The highest exponent encodes infinity and NaNs.
    case ieee
    /// No infinity; all bits but the sign set encode NaN.
    case finiteWithNaN
    /// No infinity and no minus zero, whose code is the NaN.
    case unsignedZero
    /// None: all codes are finite.
    case none
    /// Powers of two only, without sign, zero or infinity; all bits set encode NaN.
    case powersOfTwo
  }

  let exponentBits: Int
  let fractionBits: Int
  let bias: Int
  let specials: Specials

  /// Whether all numbers between the two least powers of two round up, as in ml_dtypes.
  var roundsUpAboveLeastPower = false

  static let float16 = Self(exponentBits: 5, fractionBits: 10, bias: 15, specials: .ieee)
  static let bfloat16 = Self(exponentBits: 8, fractionBits: 7, bias: 127, specials: .ieee)
  static let float32 = Self(exponentBits: 8, fractionBits: 23, bias: 127, specials: .ieee)
  static let float64 = Self(exponentBits: 11, fractionBits: 52, bias: 1023, specials: .ieee)

  static let e2m1fn = Self(exponentBits: 2, fractionBits: 1, bias: 1, specials: .none)
  static let e3m4 = Self(exponentBits: 3, fractionBits: 4, bias: 3, specials: .ieee)
  static let e4m3 = Self(exponentBits: 4, fractionBits: 3, bias: 7, specials: .ieee)
  static let e4m3b11fnuz = Self(
    exponentBits: 4, fractionBits: 3, bias: 11, specials: .unsignedZero)
  static let e4m3fn = Self(exponentBits: 4, fractionBits: 3, bias: 7, specials: .finiteWithNaN)
  static let e4m3fnuz = Self(exponentBits: 4, fractionBits: 3, bias: 8, specials: .unsignedZero)
  static let e5m2 = Self(exponentBits: 5, fractionBits: 2, bias: 15, specials: .ieee)
  static let e5m2fnuz = Self(exponentBits: 5, fractionBits: 2, bias: 16, specials: .unsignedZero)
  static let e8m0fnu = Self(exponentBits: 8, fractionBits: 0, bias: 127, specials: .powersOfTwo)
}

extension FloatFormat {
  /// The sign bit; one bit beyond the code in formats without a sign.
  var signBit: UInt64 { 1 << UInt64(exponentBits + fractionBits) }

  /// The code of the largest finite number.
  var largest: UInt64 {
    switch specials {
    case .ieee: signBit - (1 << UInt64(fractionBits)) - 1
    case .finiteWithNaN, .powersOfTwo: signBit - 2
    case .unsignedZero, .none: signBit - 1
    }
  }

  /// Whether the format has a NaN.
  var hasNaN: Bool { specials != .none }

  /// Whether the format has infinities.
  var hasInfinity: Bool { specials == .ieee }

  /// Whether the format has a minus zero.
  var hasMinusZero: Bool { specials != .unsignedZero && specials != .powersOfTwo }
}

extension DType {
  /// The format of a real floating-point dtype; `nil` for other dtypes.
  var floatFormat: FloatFormat? {
    switch self {
    case .float4_e2m1fn: .e2m1fn
    case .float8_e3m4: .e3m4
    case .float8_e4m3: .e4m3
    case .float8_e4m3b11fnuz: .e4m3b11fnuz
    case .float8_e4m3fn: .e4m3fn
    case .float8_e4m3fnuz: .e4m3fnuz
    case .float8_e5m2: .e5m2
    case .float8_e5m2fnuz: .e5m2fnuz
    case .float8_e8m0fnu: .e8m0fnu
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    default: nil
    }
  }

  /// The dtype of a complex number's real and imaginary parts; for others, the dtype itself.
  var component: DType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }
}
