internal import CCoppiceSimdjson

extension JSONTape {
  /// Returns whether the text at an index has the same bytes as another.
  @inline(__always)
  func hasText(_ text: String, at index: Int) -> Bool {
    let entry = entry(index)
    // Most names differ in length already.
    guard text.utf8.count == Int(entry.length) else { return false }
    return withText(of: entry) { $0.isEqual(to: text.utf8.span) }
  }

  /// Returns the integer of an entry if it is within ±(2^53 − 1); `-0` is not an integer here.
  @inline(__always)
  func integer(_ entry: csimdjson_entry) -> Int? {
    // 2^53 − 1 has 16 digits; longer texts are out of range, since leading zeros are invalid.
    guard entry.isInteger, entry.length <= 17 else { return nil }
    return withText(of: entry) { text in
      let isNegative = text[0] == UInt8(ascii: "-")
      var number = 0
      for place in (isNegative ? 1 : 0)..<text.count {
        number = number &* 10 &+ Int(text[place] &- UInt8(ascii: "0"))
      }
      guard number <= JSONNode.largestInteger, number != 0 || !isNegative else { return nil }
      return isNegative ? -number : number
    }
  }

  /// Returns the number that sixteen lower-case hexadecimal digits spell.
  @inline(__always)
  func hex64(_ entry: csimdjson_entry) -> UInt64? {
    guard entry.isKind(csimdjson_kind_string), entry.length == 16 else { return nil }
    return withText(of: entry) { HexDigits.number($0) }
  }
}
