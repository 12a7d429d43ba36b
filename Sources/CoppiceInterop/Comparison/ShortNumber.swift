#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Text of numbers with three significant digits.
enum ShortNumber {
  /// Returns the text of a number that isn't negative, such as `0.5`, `12.3` or `1.19e-07`.
  static func text(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : "inf" }
    guard number > 0 else { return "0" }
    var exponent = Int(log10(number).rounded(.down))
    // Scaled in two steps, since a single power of ten could overflow.
    var digits = Int((number / pow(10, Double(exponent)) * 100).rounded())
    if digits >= 1000 {
      digits /= 10
      exponent += 1
    }
    var text = String(digits)
    guard (-4..<6).contains(exponent) else {
      text = point(text, after: 1)
      let power = String(exponent.magnitude)
      return text + (exponent < 0 ? "e-" : "e+") + (power.utf8.count < 2 ? "0" : "") + power
    }
    if exponent < 0 {
      return point(String(repeating: "0", count: -exponent) + text, after: 1)
    }
    text += String(repeating: "0", count: max(0, exponent - 2))
    return point(text, after: exponent + 1)
  }

  /// Inserts a decimal point and removes trailing zeros.
  private static func point(_ digits: String, after count: Int) -> String {
    var fraction = digits.dropFirst(count)
    while fraction.last == "0" { fraction.removeLast() }
    return digits.prefix(count) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
