/// What the name of a directory says of the step that may be in it.
///
/// Spec: DIR-31, DIR-32.
package enum StepName: Equatable {
  /// A number and nothing else, without leading zeros.
  case plain(Int)
  /// A number at the end: the root document must say the same.
  case suffix(Int)
  /// No number.
  case none

  private static let largest = (1 << 53) - 1

  package init(_ name: String) {
    let bytes = Array(name.utf8)
    let digits = Array(bytes.reversed().prefix { (0x30...0x39).contains($0) }.reversed())
    let before = bytes.dropLast(digits.count).last
    guard !digits.isEmpty, before == nil || before == 0x5F,
      let number = Int(String(decoding: digits, as: UTF8.self)), number <= Self.largest
    else {
      self = .none
      return
    }
    let isPlain = before == nil && (digits.count == 1 || digits[0] != 0x30)
    self = isPlain ? .plain(number) : .suffix(number)
  }

  /// The number of the step, where the root document agrees.
  ///
  /// - Parameter recorded: The member `step` of the root document.
  package func number(recorded: Int?) -> Int? {
    switch self {
    case .plain(let number): recorded == nil || recorded == number ? number : nil
    case .suffix(let number): recorded == number ? number : nil
    case .none: nil
    }
  }

  /// The number that the name alone says.
  package var number: Int? {
    switch self {
    case .plain(let number), .suffix(let number): number
    case .none: nil
    }
  }
}
