extension Timestamp: CustomStringConvertible {
  /// The moment by RFC 3339, in UTC with nine digits of a second: `2026-01-31T23:59:59.123456789Z`.
  ///
  /// Spec: MET-18.
  public var description: String {
    let (seconds, fraction) = Self.divide(nanoseconds, by: 1_000_000_000)
    let (days, second) = Self.divide(seconds, by: 86_400)
    let date = Self.civil(days)
    let time = [second / 3600, second / 60 % 60, second % 60].map { Self.pad($0, 2) }
    return "\(Self.pad(date.year, 4))-\(Self.pad(date.month, 2))-\(Self.pad(date.day, 2))T"
      + time.joined(separator: ":") + ".\(Self.pad(fraction, 9))Z"
  }

  /// Makes a moment of exactly the text that `description` gives.
  ///
  /// - Returns: `nil` for any other spelling, and for years before 1678 and after 2261.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 30 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let fraction = number(20..<29)
    else { return nil }
    // The years whose nanoseconds since 1970 fit in 64 bits.
    guard (1678...2261).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    let days = Self.days(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
    self.init(nanoseconds: seconds * 1_000_000_000 + fraction)
    // This comparison alone checks the separators, the ranges and the days of the month.
    guard description == text else { return nil }
  }

  private static func divide(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func pad(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  // Days since 1970 in the Gregorian calendar, counted in eras of 400 years that begin in March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = divide(shifted, by: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}
