extension StepNameFormat {
  /// Returns the format of Orbax's names: `7`, `0007`, `step_7`, `step_0007`.
  ///
  /// It reads only names with the same prefix and leading zeros as those that it writes.
  ///
  /// - Parameters:
  ///   - prefix: The text before the number, without the `_` between them.
  ///   - digits: The least number of digits; shorter numbers get leading zeros.
  public static func standard(prefix: String? = nil, digits: Int? = nil) -> Self {
    padded(prefix.map { $0 + "_" } ?? "", digits: max(digits ?? 0, 1))
  }

  /// Returns the format of Flax's names: `checkpoint_7`.
  ///
  /// It reads only names with the same prefix, and numbers without leading zeros.
  ///
  /// - Parameter prefix: The text before the number; it ends in `_` or is empty.
  public static func flax(prefix: String = "checkpoint_") -> Self { padded(prefix, digits: 1) }

  /// Returns a format that writes names of one format, and reads names of several.
  ///
  /// The first format that reads a name determines its step.
  public static func composite(writing format: Self, reading others: [Self]) -> Self {
    Self(
      name: { format.name(of: $0) },
      step: { name in
        format.step(in: name) ?? others.lazy.compactMap { $0.step(in: name) }.first
      })
  }

  private static func padded(_ prefix: String, digits: Int) -> Self {
    Self(
      name: { step in
        let number = String(step)
        let missing = max(0, digits - number.utf8.count)
        return prefix + String(repeating: "0", count: missing) + number
      },
      step: { name in
        guard name.utf8.starts(with: prefix.utf8) else { return nil }
        let number = name.utf8.dropFirst(prefix.utf8.count)
        guard number.count >= digits, number.allSatisfy({ (0x30...0x39).contains($0) }),
          // A number has leading zeros only to reach the least number of digits.
          number.first != 0x30 || number.count == digits
        else { return nil }
        return Int(String(decoding: Array(number), as: UTF8.self))
      })
  }
}
