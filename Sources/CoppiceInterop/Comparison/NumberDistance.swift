import CoppiceModel

/// The distance of two numbers of any dtypes.
struct NumberDistance {
  /// The distance; `nil` if only one is NaN, or an infinity is compared with another number.
  var absolute: Double?
  /// The magnitude of the second number.
  var reference: Double

  /// The distance relative to the second number, where that has a meaning.
  var relative: Double? {
    guard let absolute, reference > 0, reference.isFinite else { return nil }
    return absolute / reference
  }

  init(_ a: ElementNumber, _ b: ElementNumber) {
    switch (a, b) {
    case (.integer(let a), .integer(let b)):
      // Elements have at most 64 bits, so this can't overflow.
      absolute = Double((a - b).magnitude)
      reference = Double(b.magnitude)
    case (.integer(let a), .real(let b)):
      absolute = Self.gap(a, Double(bitPattern: b))
      reference = Double(bitPattern: b).magnitude
    case (.real(let a), .integer(let b)):
      absolute = Self.gap(b, Double(bitPattern: a))
      reference = Double(b.magnitude)
    default:
      let (left, right) = (a.parts, b.parts)
      reference = Self.length(right.real, right.imaginary)
      if let real = Self.gap(left.real, right.real),
        let imaginary = Self.gap(left.imaginary, right.imaginary)
      {
        absolute = Self.length(real, imaginary)
      }
    }
  }

  init(_ a: Double, _ b: Double) {
    absolute = Self.gap(a, b)
    reference = b.magnitude
  }

  /// Returns the exact distance of an integer and a float, without rounding either first.
  private static func gap(_ integer: Int128, _ float: Double) -> Double? {
    guard float.isFinite else { return nil }
    guard float.magnitude < 0x1p100 else { return (Double(integer) - float).magnitude }
    let whole = float.rounded(.towardZero)
    return (Double(integer - Int128(whole)) - (float - whole)).magnitude
  }

  /// Returns the distance of two floats: 0 from NaN to NaN and from an infinity to itself.
  private static func gap(_ a: Double, _ b: Double) -> Double? {
    if a == b || (a.isNaN && b.isNaN) { return 0 }
    guard a.isFinite, b.isFinite else { return nil }
    return (a - b).magnitude
  }

  private static func length(_ a: Double, _ b: Double) -> Double {
    let (large, small) = (max(a.magnitude, b.magnitude), min(a.magnitude, b.magnitude))
    guard small > 0, large.isFinite else { return large }
    return large * (1 + (small / large) * (small / large)).squareRoot()
  }
}

extension ElementNumber {
  fileprivate var parts: (real: Double, imaginary: Double) {
    switch self {
    case .integer(let value): (Double(value), 0)
    case .real(let bits): (Double(bitPattern: bits), 0)
    case .complex(let real, let imaginary):
      (Double(bitPattern: real), Double(bitPattern: imaginary))
    }
  }
}
