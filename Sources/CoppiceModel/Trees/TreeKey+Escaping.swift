extension TreeKey {
  /// Makes a key of its escaped text; `nil` for a text that no key has.
  ///
  /// Spec: MOD-16, MOD-17.
  public init?(escaped text: String) {
    if text.hasPrefix("%#") {
      guard let number = Int(text.dropFirst(2)), "%#\(number)" == text else { return nil }
      self = .integer(number)
      return
    }
    if text == "%empty" {
      self = .string("")
      return
    }
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
    guard let key = String(validating: bytes, as: UTF8.self) else { return nil }
    self = .string(key)
    // One spelling only: what escapes to something else was never written.
    let spelled = TreePath.Component.key(self).escaped
    guard spelled.utf8.elementsEqual(text.utf8) else { return nil }
  }
}
