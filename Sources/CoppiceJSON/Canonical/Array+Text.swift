extension [UInt8] {
  /// Appends a string with its quotes, escaping only what must be escaped.
  mutating func appendQuoted(_ text: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    var start = 0
    for place in text.indices {
      let byte = text[place]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        continue
      }
      append(text.extracting(start..<place))
      appendEscape(byte)
      start = place + 1
    }
    append(text.extracting(start..<text.count))
    append(UInt8(ascii: "\""))
  }

  /// Appends bytes as they are.
  mutating func append(_ text: Span<UInt8>) {
    unsafe text.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends an escape of the canonical table; readers accept more escapes.
  private mutating func appendEscape(_ byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    default:
      append(UInt8(ascii: "u"))
      appendHexadecimal(UInt64(byte), digits: 4)
    }
  }

  /// Appends the last digits of a number, lower-case; at most 16.
  mutating func appendHexadecimal(_ number: UInt64, digits: Int) {
    var text = InlineArray<16, UInt8>(repeating: 0)
    for place in 0..<digits {
      let value = UInt8(truncatingIfNeeded: number >> UInt64(4 * (digits - 1 - place))) & 0xF
      text[place] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
    append(text.span.extracting(0..<digits))
  }

  /// Appends an integer.
  mutating func appendDecimal(_ number: Int) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var place = digits.count
    var rest = number.magnitude
    repeat {
      place -= 1
      digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest != 0
    if number < 0 { append(UInt8(ascii: "-")) }
    append(digits.span.extracting(place..<digits.count))
  }
}
