/// The layout of floating-point numbers below one another, as NumPy has it.
///
/// All numbers are measured first. Numbers of very different magnitudes, and very large or small
/// ones, are then written with exponents.
struct FloatColumn {
  /// The type of the numbers: a real one of at least 16 bits.
  private let dtype: DType
  /// The most digits after the decimal point.
  private let precision: Int
  private let showsPlus: Bool

  private var finiteCount = 0
  private var largest = 0.0
  private var least = Double.infinity
  private var hasSpecials = false
  private var hasMinusInfinity = false
  /// The widths before and after the point, for either form.
  private var positional = (left: 0, right: 0)
  private var scientific = (left: 0, right: 0, power: 0)

  init(_ dtype: DType, precision: Int, showsPlus: Bool = false) {
    (self.dtype, self.precision, self.showsPlus) = (dtype, precision, showsPlus)
  }

  mutating func measure(_ value: Double) {
    guard value.isFinite else {
      hasSpecials = true
      hasMinusInfinity = hasMinusInfinity || value == -.infinity
      return
    }
    finiteCount += 1
    if value != 0 {
      largest = max(largest, value.magnitude)
      least = min(least, value.magnitude)
    }
    let digits = dtype.shortestDigits(value)
    let sign = showsPlus || value.sign == .minus ? 1 : 0
    let short = digits.rounded(to: digits.exponent + 1 + precision, of: value)
    positional.left = max(positional.left, max(short.exponent + 1, 1) + sign)
    positional.right = max(positional.right, short.digits.count - short.exponent - 1)
    let powered = digits.rounded(to: precision + 1, of: value)
    scientific.left = max(scientific.left, 1 + sign)
    scientific.right = max(scientific.right, powered.digits.count - 1)
    scientific.power = max(scientific.power, powered.power().utf8.count - 1)
  }

  /// Whether numbers are written with exponents.
  private var isScientific: Bool {
    guard largest > 0 else { return false }
    // NumPy compares in the type of the numbers.
    switch dtype {
    case .float16:
      return largest >= 1e3 || least < 0x1.a38p-14 || largest / least > 1000.25
    case .float32:
      return largest >= 1e6 || least < Double(0.0001 as Float)
        || Float(largest) / Float(least) > 1000
    default: return largest >= 1e8 || least < 0.0001 || largest / least > 1000
    }
  }

  /// Returns the formatter of the numbers that were measured.
  var measured: Formatter {
    var (left, right, form) = (positional.left, max(positional.right, 0), Formatter.Form.positional)
    if finiteCount == 0 {
      (left, right) = (0, 0)
    } else if isScientific {
      form = .scientific(power: scientific.power)
      left = scientific.left
      right = scientific.right
    }
    if hasSpecials {
      let after =
        switch form {
        case .positional: right + 1
        case .scientific(let power): power + 2 + right + 1
        }
      left = max(left, 3 - after, 3 + (showsPlus || hasMinusInfinity ? 1 : 0) - after)
    }
    return Formatter(
      dtype: dtype, precision: precision, showsPlus: showsPlus, form: form, left: left,
      right: right)
  }

  /// A layout with known widths.
  struct Formatter {
    enum Form {
      case positional
      /// With exponents of as many digits.
      case scientific(power: Int)
    }

    let dtype: DType
    let precision: Int
    let showsPlus: Bool
    let form: Form
    /// The characters before and after the point.
    let left: Int
    let right: Int

    func text(_ value: Double) -> String {
      let sign = value.sign == .minus ? "-" : showsPlus ? "+" : ""
      guard value.isFinite else {
        let width =
          switch form {
          case .positional: left + right + 1
          case .scientific(let power): left + power + 2 + right + 1
          }
        return (value.isNaN ? (showsPlus ? "+" : "") + "nan" : sign + "inf").padded(to: width)
      }
      switch form {
      case .positional:
        let digits = dtype.shortestDigits(value)
        let short = digits.rounded(to: digits.exponent + 1 + precision, of: value)
        let fraction = short.fraction
        let padding = String(repeating: " ", count: max(right - fraction.utf8.count, 0))
        return (sign + short.whole).padded(to: left) + "." + fraction + padding
      case .scientific(let power):
        let digits = SignificantDigits(exactly: value, count: right + 1)
        let first = digits.digits.first.map(String.init) ?? "0"
        let mantissa = digits.mantissa
        let zeros = String(repeating: "0", count: max(right - mantissa.utf8.count, 0))
        return (sign + first).padded(to: left) + "." + mantissa + zeros + "e"
          + digits.power(digits: power)
      }
    }
  }
}

extension DType {
  /// The shortest digits that are read back as the same number of the type.
  func shortestDigits(_ value: Double) -> SignificantDigits {
    switch self {
    case .float64, .complex128: return SignificantDigits(value.magnitude.description)
    // Intel Macs have no Float16.
    #if !(os(macOS) && arch(x86_64))
      case .float16: return Self.shortestHalf(Float16(value.magnitude))
    #endif
    default: return SignificantDigits(Float(value.magnitude).description)
    }
  }
}

#if !(os(macOS) && arch(x86_64))
  extension DType {
    /// The description of a Float16 has all digits of an integer, also of one that fewer identify.
    fileprivate static func shortestHalf(_ value: Float16) -> SignificantDigits {
      let all = SignificantDigits(value.description)
      guard value >= 2048 else { return all }
      for count in 1..<all.digits.count {
        let short = SignificantDigits(exactly: Double(value), count: count)
        if Double(short.whole).map({ Float16($0) == value }) == true { return short }
      }
      return all
    }
  }
#endif

extension String {
  /// The text with spaces before it.
  func padded(to width: Int) -> String {
    String(repeating: " ", count: max(width - utf8.count, 0)) + self
  }
}
