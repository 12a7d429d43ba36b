internal import CCoppiceSimdjson
package import CoppiceModel

extension JSONNode {
  /// Returns the members of this object; throws for other kinds.
  @discardableResult
  package func requireObject() throws(CoppiceError) -> JSONMembers {
    guard entry.isKind(csimdjson_kind_object) else { throw mismatch("an object") }
    return members
  }

  /// Returns the elements of this array; throws for other kinds.
  package func array() throws(CoppiceError) -> JSONElements {
    guard entry.isKind(csimdjson_kind_array) else { throw mismatch("an array") }
    return elements
  }

  /// Returns the elements of this array; throws unless it has exactly `count`.
  package func array(count: Int) throws(CoppiceError) -> JSONElements {
    let elements = try array()
    guard elements.count == count else {
      throw error(.jsonType, "this array has \(elements.count) elements and must have \(count)")
    }
    return elements
  }
}

extension JSONNode {
  /// Returns the error for a value of the wrong kind.
  func mismatch(_ wanted: String) -> CoppiceError {
    error(.jsonType, "this is \(summary) and must be \(wanted)")
  }

  /// Returns the error for a value that isn't an integer, or is out of range.
  func notInteger() -> CoppiceError {
    guard entry.isInteger, tape.text(of: entry) != "-0" else {
      return mismatch("an integer, spelled without fraction and exponent, zero without sign")
    }
    return error(.jsonNumberRange, "\(summary) is beyond ±(2^53 − 1)")
  }

  func negative(_ number: Int) -> CoppiceError {
    error(.jsonNumberRange, "\(number) must not be negative")
  }

  /// A short description of the value.
  private var summary: String {
    switch kind {
    case .null: "null"
    case .bool: entry.isKind(csimdjson_kind_true) ? "true" : "false"
    case .number: Self.excerpt(tape.text(of: entry))
    case .string: "the string " + quotedExcerpt
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The beginning of a string, quoted and on one line.
  var quotedExcerpt: String { Self.quotedExcerpt(tape.text(of: entry)) }

  /// Returns the beginning of a text, quoted and on one line.
  static func quotedExcerpt(_ text: String) -> String {
    var writer = CanonicalJSONWriter()
    writer.string(excerpt(text))
    return writer.text
  }

  /// Returns the beginning of a long text.
  static func excerpt(_ text: String) -> String {
    let limit = 40
    return text.unicodeScalars.count <= limit
      ? text : String(text.unicodeScalars.prefix(limit)) + "…"
  }
}
