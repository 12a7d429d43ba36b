extension CanonicalJSONWriter {
  /// Writes an integer within ±(2^53 − 1).
  package mutating func integer(_ value: Int) {
    assert(value.magnitude <= JSONNode.largestInteger, "larger integers are written as text")
    beginScalar()
    bytes.appendDecimal(value)
  }

  /// Writes a value that was encoded before.
  package mutating func encoded(_ value: [UInt8]) {
    beginScalar()
    bytes.append(contentsOf: value)
  }

  /// Writes a string.
  package mutating func string(_ text: String) {
    beginScalar()
    bytes.appendQuoted(text.utf8.span)
  }

  /// Writes a number as a string of sixteen lower-case hexadecimal digits.
  package mutating func hex64(_ value: UInt64) {
    beginScalar()
    bytes.append(UInt8(ascii: "\""))
    bytes.appendHexadecimal(value, digits: 16)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes `true` or `false`.
  package mutating func bool(_ value: Bool) {
    beginScalar()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes `null`.
  package mutating func null() {
    beginScalar()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes a number as it is spelled.
  package mutating func rawNumber(_ text: String) {
    assert(CanonicalJSON.isNumber(text, .python), "\(text) is no number")
    beginScalar()
    bytes.append(contentsOf: text.utf8)
  }

  /// Writes an array of integers.
  package mutating func integerColumn(_ values: [Int]) {
    beginArray()
    for value in values { integer(value) }
    endArray()
  }

  /// Writes an array of strings.
  package mutating func stringColumn(_ values: [String]) {
    beginArray()
    for value in values { string(value) }
    endArray()
  }

  /// Writes an array of strings of sixteen hexadecimal digits.
  package mutating func hex64Column(_ values: [UInt64]) {
    beginArray()
    for value in values { hex64(value) }
    endArray()
  }
}
