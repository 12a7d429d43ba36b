#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The significant decimal digits of a number's magnitude.
struct SignificantDigits {
  /// The digits, each from 0 to 9, without zeros at the end; none for the number zero.
  var digits: [UInt8]
  /// The power of ten that the first digit counts; 0 for the number zero.
  var exponent: Int

  /// Reads the digits of a finite number's description, such as `0.5`, `120.0` or `1.5e-07`.
  init(_ description: String) {
    digits = []
    var (whole, power, isPastPoint, isNegative) = (0, 0, false, false)
    var isPower = false
    for byte in description.utf8 {
      switch byte {
      case 0x30...0x39 where isPower: power = power * 10 + Int(byte - 0x30)
      case 0x30...0x39:
        digits.append(byte - 0x30)
        if !isPastPoint { whole += 1 }
      case 0x65: isPower = true
      case 0x2D where isPower: isNegative = true
      case 0x2D, 0x2B: break
      // The point, which C writes as the locale wants it.
      default: isPastPoint = true
      }
    }
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    while digits.last == 0 { digits.removeLast() }
    exponent = digits.isEmpty ? 0 : whole - 1 - zeros + (isNegative ? -power : power)
  }

  /// Rounds the exact value of a finite number to some digits, ties to even.
  init(exactly value: Double, count: Int) {
    var text = [CChar](repeating: 0, count: count + 16)
    let capacity = text.count
    unsafe withVaList([Int32(count - 1), value.magnitude]) { arguments in
      _ = unsafe vsnprintf(&text, capacity, "%.*e", arguments)
    }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  /// Returns the digits up to a number of them, given the value whose shortest digits these are.
  ///
  /// The shortest digits lie on the same side of each half as the value itself, unless they end there.
  func rounded(to count: Int, of value: Double) -> SignificantDigits {
    guard digits.count > count else { return self }
    guard count >= 0 else { return Self("0") }
    let rest = digits[count...]
    var roundsUp = rest[count] >= 5
    if rest == [5] {
      // The value may be a little above or below; 40 more digits show it.
      let exact = SignificantDigits(exactly: value, count: count + 40)
      let tail = exact.digits.count > count ? exact.digits[count...] : []
      let isTie = exact.exponent == exponent && tail == [5]
      roundsUp =
        isTie
        ? count > 0 && digits[count - 1] % 2 == 1
        : exact.digits.prefix(count + 1) == digits.prefix(count + 1)
    }
    var result = self
    result.digits.removeLast(digits.count - count)
    if roundsUp { result.increment() }
    while result.digits.last == 0 { result.digits.removeLast() }
    if result.digits.isEmpty { result.exponent = 0 }
    return result
  }

  /// Adds one to the last digit.
  private mutating func increment() {
    var index = digits.count
    while index > 0 {
      index -= 1
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
    exponent += 1
  }

  /// The digits before the decimal point: `0` if there are none.
  var whole: String {
    guard exponent >= 0, !digits.isEmpty else { return "0" }
    let zeros = max(exponent + 1 - digits.count, 0)
    return Self.text(digits.prefix(exponent + 1)) + String(repeating: "0", count: zeros)
  }

  /// The digits after the decimal point, without zeros at the end.
  var fraction: String {
    guard exponent < 0 else { return Self.text(digits.dropFirst(exponent + 1)) }
    return String(repeating: "0", count: -exponent - 1) + Self.text(digits[...])
  }

  /// The digits after the first, without zeros at the end.
  var mantissa: String { Self.text(digits.dropFirst()) }

  /// The exponent with its sign, of at least some digits: `+07`.
  func power(digits count: Int = 2) -> String {
    let text = String(exponent.magnitude)
    return (exponent < 0 ? "-" : "+") + String(repeating: "0", count: max(count - text.count, 0))
      + text
  }

  private static func text(_ digits: ArraySlice<UInt8>) -> String {
    String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
  }
}
