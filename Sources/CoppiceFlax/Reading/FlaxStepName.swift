/// The name of a file that ends in the number of a step, as Flax's `save_checkpoint` makes it.
///
/// Examples are `checkpoint_20`, `best_0.5` and `checkpoint_1e3`.
struct FlaxStepName: Hashable {
  static let standardPrefix = "checkpoint_"

  let prefix: String
  /// The number's text.
  let text: String
  let value: Double

  /// The number, if it is an integer.
  var number: Int? { Int(text) ?? Int(exactly: value) }

  /// Splits a name; fails if it doesn't end in a number, or has nothing before it.
  init?(_ name: String) {
    // Find the longest number at the end, as Flax's regular expression does.
    let bytes = Array(name.utf8)
    var start = bytes.count
    while start > 0, Self.isOfNumber(bytes[start - 1]) { start -= 1 }
    for place in start..<bytes.count {
      let text = String(decoding: bytes[place...], as: UTF8.self)
      guard Self.isNumber(text), let value = Double(text), value.isFinite else { continue }
      guard place > 0 else { return nil }
      prefix = String(decoding: bytes[..<place], as: UTF8.self)
      self.text = text
      self.value = value
      return
    }
    return nil
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
  }

  /// Returns whether a text is `[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?`.
  private static func isNumber(_ text: String) -> Bool {
    guard let match = text.wholeMatch(of: /[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/) else {
      return false
    }
    return !match.output.isEmpty
  }
}
