/// Text of sizes for people.
enum ByteCount {
  /// Returns a size as text: exact below 1 KiB, otherwise with one decimal digit.
  static func text(_ bytes: Int) -> String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    var value = Double(bytes) / 1024
    var unit = 0
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]
    while value >= 1024, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }

  /// Parses a size such as `4096`, `64K`, `1.5GiB`; `nil` for anything else.
  static func parse(_ text: String) -> Int? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard let number = Double(digits), number >= 0 else { return nil }
    var unit = text.dropFirst(digits.count).uppercased()
    if unit.hasSuffix("IB") { unit.removeLast(2) } else if unit.hasSuffix("B") { unit.removeLast() }
    let powers = ["": 0, "K": 1, "M": 2, "G": 3, "T": 4]
    guard let power = powers[unit] else { return nil }
    let bytes = (0..<power).reduce(number) { value, _ in value * 1024 }
    return bytes < 9e15 ? Int(bytes) : nil
  }
}
