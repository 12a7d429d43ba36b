/// Times of Python's `datetime`, from their bytes in pickles to the texts that `isoformat` gives.
enum PythonTime {
  /// A duration as `timedelta` has it; the seconds and microseconds are never negative.
  struct Duration {
    var days: Int
    var secondsOfDay: Int
    var microseconds: Int

    /// The whole duration, rounded once as far as it is exact in microseconds.
    var seconds: Double {
      let whole = days * 86_400 + secondsOfDay
      let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000)
      guard !overflow else { return Double(whole) + Double(microseconds) / 1e6 }
      return Double(scaled + microseconds) / 1e6
    }
  }

  static func date(_ bytes: [UInt8]) -> String? {
    guard bytes.count == 4 else { return nil }
    return
      "\(digits(Int(bytes[0]) << 8 | Int(bytes[1]), 4))-\(digits(bytes[2]))-\(digits(bytes[3]))"
  }

  /// The first bit of the month says which of two equal times it is when clocks are put back.
  static func datetime(_ bytes: [UInt8], zone: String) -> String? {
    guard bytes.count == 10, let time = time(Array(bytes[4...]), zone: zone),
      let date = date([bytes[0], bytes[1], bytes[2] & 0x7F, bytes[3]])
    else { return nil }
    return date + "T" + time
  }

  static func time(_ bytes: [UInt8], zone: String) -> String? {
    guard bytes.count == 6 else { return nil }
    let fraction = Int(bytes[3]) << 16 | Int(bytes[4]) << 8 | Int(bytes[5])
    return "\(digits(bytes[0] & 0x7F)):\(digits(bytes[1])):\(digits(bytes[2]))"
      + (fraction == 0 ? "" : ".\(digits(fraction, 6))") + zone
  }

  /// Returns the text of a time zone's offset from UTC, which is less than a day.
  static func offset(_ duration: Duration) -> String? {
    guard duration.days == 0 || duration.days == -1, duration.microseconds == 0 else { return nil }
    let seconds = abs(duration.days * 86_400 + duration.secondsOfDay)
    let text = "\(digits(seconds / 3600)):\(digits(seconds / 60 % 60))"
    return (duration.days < 0 ? "-" : "+") + text
      + (seconds % 60 == 0 ? "" : ":\(digits(seconds % 60))")
  }

  private static func digits(_ number: some BinaryInteger, _ count: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(count - text.utf8.count, 0)) + text
  }
}

/// The texts of Python's paths, which pickles have in parts.
enum PythonPath {
  static func text(_ parts: [String]?, _ separator: String) -> String? {
    guard let parts else { return nil }
    var text = ""
    for part in parts {
      // The root ends with a separator of its own.
      text += (text.isEmpty || text.hasSuffix(separator) ? "" : separator) + part
    }
    return text.isEmpty ? "." : text
  }
}

/// The texts of Python's `UUID`, which pickles have as a number.
enum PythonUUID {
  static func text(_ bits: UInt128) -> String {
    let digits = String(bits, radix: 16)
    let padded = Array(String(repeating: "0", count: 32 - digits.utf8.count) + digits)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(padded[$0]) }
      .joined(separator: "-")
  }
}
