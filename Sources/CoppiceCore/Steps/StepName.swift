/// The step number in the name of a directory.
///
/// Spec: DIR-31, DIR-32.
package enum StepName: Equatable {
  /// A name that is only a number, without leading zeros.
  case plain(Int)
  /// A name that ends in a number; the root document must record the same.
  case suffix(Int)
  /// A name without a number.
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

  /// Returns the number of the step; `nil` where the root document doesn't agree.
  ///
  /// - Parameter recorded: The member `step` of the root document.
  package func number(recorded: Int?) -> Int? {
    switch self {
    case .plain(let number): recorded == nil || recorded == number ? number : nil
    case .suffix(let number): recorded == number ? number : nil
    case .none: nil
    }
  }

  /// The number in the name; `nil` where it has none.
  package var number: Int? {
    switch self {
    case .plain(let number), .suffix(let number): number
    case .none: nil
    }
  }
}
