/// Base64 of RFC 4648, section 4, with padding; only the canonical spelling is read.
///
/// Spec: MET-17.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// Returns the base64 text of bytes.
  package static func encode(_ bytes: [UInt8]) -> String {
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
        text.append(isPadding ? 0x3D : alphabet[word >> (18 - 6 * position) & 63])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the bytes of a text; `nil` unless `encode` would produce exactly this text.
  package static func decode(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 4 == 0 else { return nil }
    let padding = characters.suffix(2).reversed().prefix { $0 == 0x3D }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 4 * 3)
    for start in stride(from: 0, to: characters.count, by: 4) {
      let isLast = start + 4 == characters.count
      let used = isLast ? 4 - padding : 4
      var word = 0
      for offset in 0..<4 {
        let value = offset < used ? values[Int(characters[start + offset])] : 0
        guard value < 64 else { return nil }
        word = word << 6 | Int(value)
      }
      for offset in 0..<(used - 1) {
        bytes.append(UInt8(truncatingIfNeeded: word >> (16 - 8 * offset)))
      }
      // The bits of the last character beyond the last byte must be zero.
      if used == 3, word >> 6 & 3 != 0 { return nil }
      if used == 2, word >> 12 & 15 != 0 { return nil }
    }
    return bytes
  }
}
