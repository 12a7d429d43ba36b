/// Bytes written as `%` and two hexadecimal digits, as in tree paths and names of directories.
package enum PercentEscapes {
  /// The text that an escaped one stands for; `nil` when an escape is cut or the bytes are no UTF-8.
  ///
  /// Several spellings give one text: callers that allow one of them escape it again and compare.
  package static func decode(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
