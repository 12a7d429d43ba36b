/// The text of the floating-point numbers that stand in a tree.
///
/// One text for each bit pattern: the shortest decimal as Python writes it, `inf`, `-inf`, `nan` for
/// the quiet NaN 7ff8000000000000, and `nan:` with 16 hexadecimal digits for all other NaNs.
///
/// Spec: MET-16.
public enum FloatText {
  private static let quietNaN: UInt64 = 0x7ff8_0000_0000_0000

  /// The text of a number.
  public static func text(of number: Float64Bits) -> String {
    guard number.value.isNaN, number.bitPattern != quietNaN else {
      return PythonFloat.text(number.value)
    }
    let digits = String(number.bitPattern, radix: 16)
    return "nan:" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// The number of a text, or `nil` when it is any other text than the number's own.
  public static func number(of text: String) -> Float64Bits? {
    guard let number = anyNumber(of: text), self.text(of: number).utf8.elementsEqual(text.utf8)
    else { return nil }
    return number
  }

  private static func anyNumber(of text: String) -> Float64Bits? {
    if text.hasPrefix("nan:") {
      return UInt64(text.dropFirst(4), radix: 16).map(Float64Bits.init(bitPattern:))
    }
    if text == "nan" { return Float64Bits(bitPattern: quietNaN) }
    return Double(text).map { Float64Bits($0) }
  }
}
