internal import CCoppiceSimdjson
package import CoppiceModel

extension JSONNode {
  /// The largest integer that every JSON reader keeps exact: 2^53 − 1.
  package static let largestInteger = (1 << 53) - 1

  /// Returns the text of a string.
  package func string() throws(CoppiceError) -> String {
    guard entry.isKind(csimdjson_kind_string) else { throw mismatch("a string") }
    return tape.text(of: entry)
  }

  /// Passes the text of a string, unescaped, to a closure.
  package func withStringBytes<Result>(
    _ body: (Span<UInt8>) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    guard entry.isKind(csimdjson_kind_string) else { throw mismatch("a string") }
    return try tape.withText(of: entry, body)
  }

  /// Returns whether this is a string with the same bytes.
  package func stringEquals(_ text: String) -> Bool {
    entry.isKind(csimdjson_kind_string) && tape.hasText(text, at: index)
  }

  /// Returns an integer within ±(2^53 − 1), spelled without fraction and exponent, and not as `-0`.
  ///
  /// Spec: MET-7.
  package func int() throws(CoppiceError) -> Int {
    guard let number = tape.integer(entry) else { throw notInteger() }
    return number
  }

  /// Returns an integer from 0 to 2^53 − 1, spelled without fraction and exponent.
  package func nonNegativeInt() throws(CoppiceError) -> Int {
    guard let number = tape.integer(entry) else { throw notInteger() }
    guard number >= 0 else { throw negative(number) }
    return number
  }

  /// Returns the nearest double-precision number.
  package func double() throws(CoppiceError) -> Double {
    let text = try numberText()
    switch text {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: break
    }
    guard let number = Double(text), number.isFinite else {
      throw error(.jsonNumberRange, "\(Self.excerpt(text)) is beyond a double-precision number")
    }
    return number
  }

  /// Returns the source's spelling of a number.
  package func numberText() throws(CoppiceError) -> String {
    guard entry.isKind(csimdjson_kind_number) else { throw mismatch("a number") }
    return tape.text(of: entry)
  }

  /// Returns `true` or `false`.
  package func bool() throws(CoppiceError) -> Bool {
    if entry.isKind(csimdjson_kind_true) { return true }
    guard entry.isKind(csimdjson_kind_false) else { throw mismatch("true or false") }
    return false
  }

  /// Returns the number that a string of sixteen lower-case hexadecimal digits spells.
  package func hex64() throws(CoppiceError) -> UInt64 {
    guard let number = tape.hex64(entry) else { throw mismatch("16 lower-case hexadecimal digits") }
    return number
  }
}
