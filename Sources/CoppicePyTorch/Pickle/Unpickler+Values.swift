import CoppiceModel

extension Unpickler {
  /// Reads the value that an instruction pushes.
  mutating func value(_ instruction: PickleInstruction) throws(CoppiceError) -> PickleValue {
    switch instruction {
    case .newTrue: return .bool(true)
    case .newFalse: return .bool(false)
    case .int:
      let line = try text(try input.line()[...])
      if line == "00" || line == "01" { return .bool(line == "01") }
      return try decimal(line)
    case .binInt: return .integer(Int(Int32(truncatingIfNeeded: try input.integer(4))))
    case .binInt1: return .integer(try input.integer(1))
    case .binInt2: return .integer(try input.integer(2))
    case .long:
      let line = try text(try input.line()[...])
      return try decimal(line.hasSuffix("L") ? String(line.dropLast()) : line)
    case .long1: return try long(try input.integer(1))
    case .long4: return try long(try input.integer(4))
    case .float:
      guard let number = Double(try text(try input.line()[...])) else { throw damaged }
      return .float(number)
    case .binFloat:
      let bits = try input.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return .float(Double(bitPattern: bits))
    case .unicode: return .string(try unescaped(try input.line()))
    case .binString, .binUnicode: return try textValue(try input.bytes(try input.integer(4)))
    case .shortBinString, .shortBinUnicode:
      return try textValue(try input.bytes(try input.integer(1)))
    case .binUnicode8: return try textValue(try input.bytes(try input.integer(8)))
    case .binBytes: return .bytes(Array(try input.bytes(try input.integer(4))))
    case .shortBinBytes: return .bytes(Array(try input.bytes(try input.integer(1))))
    case .binBytes8, .byteArray8: return .bytes(Array(try input.bytes(try input.integer(8))))
    default: return .none
    }
  }

  /// Returns a text, or a foreign value if the bytes aren't UTF-8.
  private mutating func textValue(_ bytes: ArraySlice<UInt8>) throws(CoppiceError) -> PickleValue {
    if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
    return .foreign(
      try foreign(
        .value, "a text that is not UTF-8",
        remedy: "files of Python 2 with such texts must be saved again with Python 3"))
  }

  /// Returns the text of a line of protocol 0: bytes of Latin-1, in which `\u` and `\U` begin the
  /// hexadecimal digits of other characters.
  private func unescaped(_ bytes: [UInt8]) throws(CoppiceError) -> String {
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      let count =
        switch (byte, rest.first) {
        case (0x5C, 0x75): 4
        case (0x5C, 0x55): 8
        default: 0
        }
      guard count > 0 else {
        text.append(Unicode.Scalar(byte))
        continue
      }
      let digits = rest.dropFirst().prefix(count)
      guard digits.count == count,
        let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(number)
      else { throw damaged }
      text.append(scalar)
      rest = rest.dropFirst(1 + count)
    }
    return String(text)
  }

  /// Returns the text of a name or a number.
  func text(_ bytes: ArraySlice<UInt8>) throws(CoppiceError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw damaged }
    return text
  }

  private mutating func decimal(_ text: String) throws(CoppiceError) -> PickleValue {
    if let number = Int(text) { return .integer(number) }
    guard text.utf8.count <= 4096 else { return try longInteger() }
    guard let number = IntegerText(text) else { throw damaged }
    return .large(number)
  }

  /// Returns the foreign value of an integer that is too long to be converted.
  private mutating func longInteger() throws(CoppiceError) -> PickleValue {
    .foreign(try foreign(.value, "an integer of more than \(Self.integerBytes) bytes"))
  }

  /// The most bytes of an integer, whose decimal digits take time that grows as their square.
  private static let integerBytes = 1024

  /// Reads an integer in two's complement of `count` bytes.
  private mutating func long(_ count: Int) throws(CoppiceError) -> PickleValue {
    let bytes = try input.bytes(count)
    guard count <= Self.integerBytes else { return try longInteger() }
    if count <= 8 { return .integer(Int(twosComplement: bytes)) }
    try charge(count * count / 64)
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    // The magnitude in base 10^9, the lowest digit first.
    var digits: [UInt64] = [0]
    for byte in bytes.reversed() {
      var carry = UInt64(isNegative ? ~byte : byte)
      for index in digits.indices {
        carry += digits[index] << 8
        digits[index] = carry % 1_000_000_000
        carry /= 1_000_000_000
      }
      if carry > 0 { digits.append(carry) }
    }
    if isNegative {
      // Add one, since the complement is one too small.
      var index = 0
      while index < digits.count, digits[index] == 999_999_999 {
        digits[index] = 0
        index += 1
      }
      if index < digits.count { digits[index] += 1 } else { digits.append(1) }
    }
    let text = digits.reversed().enumerated().map { place, digit in
      let text = String(digit)
      return place == 0 ? text : String(repeating: "0", count: 9 - text.utf8.count) + text
    }.joined()
    return try decimal((isNegative ? "-" : "") + text)
  }
}
