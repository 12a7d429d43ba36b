/// Text of numbers with a fixed number of significant digits, as `%g` of C writes it in any locale.
public enum GeneralNumber {
  /// Returns the text of a number, such as `0.100098`, `3.00406e+38`, `nan` or `-0`.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - count: The most digits: at least one.
  public static func text(_ value: Double, digits count: Int) -> String {
    guard value.isFinite else { return PythonFloat.text(value) }
    let sign = value.sign == .minus ? "-" : ""
    guard value != 0 else { return sign + "0" }
    let digits = SignificantDigits(exactly: value, count: count)
    guard (-4..<count).contains(digits.exponent) else {
      let mantissa = digits.mantissa
      return sign + String(digits.digits[0]) + (mantissa.isEmpty ? "" : "." + mantissa) + "e"
        + digits.power()
    }
    let fraction = digits.fraction
    return sign + digits.whole + (fraction.isEmpty ? "" : "." + fraction)
  }
}
