extension ElementCast {
  func convertToReal(_ number: ElementNumber) -> Result {
    switch number {
    case .integer(let value): return convertToReal(integer: value)
    case .real(let wide): return convertToReal(wide)
    case .complex(let real, let imaginary):
      var result = convertToReal(real)
      // Rounding mode has no cast from complex to real numbers.
      if mode == .exact, imaginary != 0 { result.failure = .inexact }
      return result
    }
  }

  func convertToComplex(_ number: ElementNumber) -> Result {
    guard case .complex(let real, let imaginary) = number else { return convertToReal(number) }
    var result = convertToReal(real)
    let other = convertToReal(imaginary)
    result.imaginary = other.bits
    result.failure = result.failure ?? other.failure
    return result
  }

  private func convertToReal(_ wide: UInt64) -> Result {
    guard let format else { return Result(bits: 0, failure: .inexact) }
    let narrowed = format.narrow(throughFloat32(wide), nans: nans)
    return Result(bits: narrowed.code, failure: failure(of: narrowed.fit))
  }

  /// Returns the failure of a floating-point number whose nearest target value has a given fit.
  func failure(of fit: FloatFormat.Narrowed.Fit) -> CastFailure.Reason? {
    switch (mode, fit) {
    case (.lossy, _), (_, .exact), (.rounding, .rounded): nil
    case (.rounding, .none): .outOfRange
    case (.exact, _): .inexact
    }
  }

  /// Converts an integer: in lossy mode by way of float32 unless the target is float64, otherwise
  /// exactly.
  private func convertToReal(integer value: Int128) -> Result {
    guard let format else { return Result(bits: 0, failure: .inexact) }
    let nearest =
      value < 0
      ? Double(Int64(truncatingIfNeeded: value)) : Double(UInt64(truncatingIfNeeded: value))
    guard mode == .lossy else {
      let narrowed = format.narrow(nearest.bitPattern, nans: nans)
      let isExact = narrowed.fit == .exact && Int128(exactly: nearest) == value
      return Result(bits: narrowed.code, failure: isExact ? nil : .inexact)
    }
    guard component != .float64 else { return Result(bits: nearest.bitPattern) }
    let float =
      value < 0 ? Float(Int64(truncatingIfNeeded: value)) : Float(UInt64(truncatingIfNeeded: value))
    return Result(bits: format.narrow(Double(float).bitPattern, nans: nans).code)
  }

  /// Returns the number rounded to float32, where ml_dtypes takes this intermediate step.
  ///
  /// The targets keep only the sign of a NaN, so the NaN may be quieted here.
  func throughFloat32(_ wide: UInt64) -> UInt64 {
    guard goesThroughFloat32, source.component == .float64 else { return wide }
    return Double(Float(Double(bitPattern: wide))).bitPattern
  }
}
