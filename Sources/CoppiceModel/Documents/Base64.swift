/// Base64 of RFC 4648 with padding.
///
/// Spec: MET-17.
package enum Base64 {
  /// The characters of the values 62 and 63.
  package enum Alphabet {
    /// Section 4: `+` and `/`.
    case standard
    /// Section 5: `-` and `_`.
    case url
  }

  private static let standard = characters("+/")
  private static let url = characters("-_")
  private static let standardValues = values([standard])
  private static let allValues = values([standard, url])

  private static func characters(_ last: String) -> [UInt8] {
    Array(
      ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last).utf8)
  }

  private static func values(_ alphabets: [[UInt8]]) -> [UInt8] {
    var values = [UInt8](repeating: 255, count: 256)
    for alphabet in alphabets {
      for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    }
    return values
  }

  /// Returns the text of bytes.
  package static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
    let characters = alphabet == .standard ? standard : url
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var word = 0
      for offset in 0..<3 {
        word = word << 8 | (offset < group.count ? Int(group[start + offset]) : 0)
      }
      for position in 0..<4 {
        let isPadding = position > group.count
        text.append(isPadding ? 0x3D : characters[word >> (18 - 6 * position) & 63])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the bytes of a text; `nil` unless it is exactly what `encode` gives for them in the
  /// standard alphabet.
  package static func decode(_ text: String) -> [UInt8]? {
    text.utf8.count % 4 == 0 ? decode(text, standardValues) : nil
  }

  /// Returns the bytes of a text in either alphabet, whose padding may be missing.
  package static func decodeLeniently(_ text: String) -> [UInt8]? { decode(text, allValues) }

  private static func decode(_ text: String, _ values: [UInt8]) -> [UInt8]? {
    let characters = Array(text.utf8)
    let padding = characters.suffix(2).reversed().prefix { $0 == 0x3D }.count
    let used = characters.dropLast(padding)
    guard used.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(used.count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for character in used {
      let value = values[Int(character)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      bits &= (1 << count) - 1
    }
    // Bits that the padding cuts off must be zero.
    return bits == 0 ? bytes : nil
  }
}
