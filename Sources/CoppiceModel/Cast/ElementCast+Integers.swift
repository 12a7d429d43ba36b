extension ElementCast {
  /// Converts to bool: in lossy mode every number but zero is true; other modes accept 0 and 1
  /// only.
  func convertToBool(_ number: ElementNumber) -> Result {
    let isTrue =
      switch number {
      case .integer(let value): value != 0
      case .real(let wide): Self.isNonzero(wide)
      case .complex(let real, let imaginary): Self.isNonzero(real) || Self.isNonzero(imaginary)
      }
    let bits: UInt64 = isTrue ? 1 : 0
    guard mode != .lossy else { return Result(bits: bits) }
    return Self.integer(number) == Int128(bits)
      ? Result(bits: bits) : Result(bits: bits, failure: .inexact)
  }

  func convertToInteger(_ number: ElementNumber) -> Result {
    switch number {
    case .integer(let value):
      let bits = UInt64(truncatingIfNeeded: value) & integerMask
      if mode == .lossy || integerRange.contains(value) { return Result(bits: bits) }
      return Result(bits: bits, failure: mode == .exact ? .inexact : .outOfRange)
    case .real(let real), .complex(let real, _):
      guard mode != .lossy else { return Result(bits: truncated(real) & integerMask) }
      guard let value = Self.integer(number), integerRange.contains(value) else {
        return Result(bits: 0, failure: .inexact)
      }
      return Result(bits: UInt64(truncatingIfNeeded: value) & integerMask)
    }
  }

  private var integerMask: UInt64 { ~0 >> UInt64(64 - target.significantBits) }

  private var integerRange: ClosedRange<Int128> {
    let bits = Int128(target.significantBits)
    return target.kind == .signedInteger
      ? -(1 << (bits - 1))...(1 << (bits - 1)) - 1 : 0...(1 << bits) - 1
  }

  private static func isNonzero(_ wide: UInt64) -> Bool { wide << 1 != 0 }

  /// Returns the number if it is an integer; `nil` otherwise and for minus zero.
  private static func integer(_ number: ElementNumber) -> Int128? {
    switch number {
    case .integer(let value): return value
    case .complex(let real, let imaginary): return imaginary == 0 ? integer(.real(real)) : nil
    case .real(let wide):
      guard wide != Double(-0.0).bitPattern else { return nil }
      let value = Double(bitPattern: wide)
      // The values of every integer dtype lie within these bounds.
      guard value >= -0x1p63, value < 0x1p64 else { return nil }
      return Int128(exactly: value)
    }
  }
}

// Floating-point numbers that integers can't represent, converted as by compiled C code on x86-64.
extension ElementCast {
  /// Returns the result of the processor's conversion instructions.
  ///
  /// They truncate. For numbers beyond their range they return the lowest integer, of which narrow
  /// dtypes get the low bits. NumPy's vector loops for uint32 return other results than its scalar
  /// loops for such numbers, so that a result depends on the element's position; this returns the
  /// scalar results.
  private func truncated(_ wide: UInt64) -> UInt64 {
    let value = Double(bitPattern: wide)
    if source.width == 1, !value.isFinite { return saturated(value) }
    switch target {
    case .uint64 where value >= 0x1p63: return Self.truncated64(value - 0x1p63) ^ (1 << 63)
    case .uint64, .int64, .uint32: return Self.truncated64(value)
    default:
      guard value > -0x1.00000002p31, value < 0x1p31 else { return 1 << 31 }
      return UInt64(truncatingIfNeeded: Int64(value))
    }
  }

  private static func truncated64(_ value: Double) -> UInt64 {
    value >= -0x1p63 && value < 0x1p63 ? UInt64(bitPattern: Int64(value)) : 1 << 63
  }

  /// Returns the result for the infinities and NaNs of ml_dtypes' eight-bit dtypes.
  ///
  /// The compiler evaluates these as constants: infinities become the ends of the range (int8's
  /// range for narrower dtypes), and NaNs become zero.
  private func saturated(_ value: Double) -> UInt64 {
    guard !value.isNaN else { return 0 }
    let bits = UInt64(target.width * 8)
    let largest: UInt64 = ~0 >> (64 - bits)
    return switch (target.kind == .signedInteger, value > 0) {
    case (true, true): largest >> 1
    case (true, false): largest >> 1 + 1
    case (false, true): largest
    case (false, false): 0
    }
  }
}
