/// Text of floating-point numbers in the spelling of Python's `repr`.
enum PythonFloat {
  /// Returns the shortest decimal text that parses to the same number; `nan` for every NaN.
  ///
  /// The digits are those of Swift's description. Only the use of exponents differs: Python has one
  /// from 1e16 on and below 1e-4.
  static func text(_ value: Double) -> String {
    text(value, digitsOf: value.magnitude.description)
  }

  /// The text of a number with the digits of the description that its magnitude has in a narrower type.
  static func text(_ value: Double, digitsOf magnitude: @autoclosure () -> String) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let sign = value.sign == .minus ? "-" : ""
    guard value != 0 else { return sign + "0.0" }
    let (digits, exponent) = decimal(magnitude())
    return sign + layOut(digits, exponent)
  }

  /// The text of a complex number, given those of its two parts: `1.0-2.5j`.
  static func text(complex real: String, _ imaginary: String) -> String {
    real + (imaginary.hasPrefix("-") ? "" : "+") + imaginary + "j"
  }

  /// The significant digits, and the power of ten that the first of them counts.
  private static func decimal(_ magnitude: String) -> (digits: String, exponent: Int) {
    let parts = magnitude.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let whole = mantissa[0]
    let all = whole + (mantissa.count > 1 ? mantissa[1] : "")
    let leadingZeros = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leadingZeros)
    while digits.last == "0" { digits.removeLast() }
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return (String(digits), whole.count - 1 - leadingZeros + power)
  }

  private static func layOut(_ digits: String, _ exponent: Int) -> String {
    let count = digits.utf8.count
    switch exponent {
    case -4..<0:
      return "0." + String(repeating: "0", count: -exponent - 1) + digits
    case 0..<16 where count <= exponent + 1:
      return digits + String(repeating: "0", count: exponent + 1 - count) + ".0"
    case 0..<16:
      return digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
    default:
      let power = String(exponent.magnitude)
      return digits.prefix(1) + (count > 1 ? "." + digits.dropFirst() : "")
        + (exponent < 0 ? "e-" : "e+") + (power.utf8.count < 2 ? "0" : "") + power
    }
  }
}
