internal import CCoppiceSimdjson
package import CoppiceModel

extension JSONNode {
  /// The members of an object, which this must be.
  @discardableResult
  package func requireObject() throws(CoppiceError) -> JSONMembers {
    guard entry.isKind(csimdjson_kind_object) else { throw mismatch("an object") }
    return members
  }

  /// The elements of an array, which this must be.
  package func array() throws(CoppiceError) -> JSONElements {
    guard entry.isKind(csimdjson_kind_array) else { throw mismatch("an array") }
    return elements
  }

  /// The elements of an array of exactly so many.
  package func array(count: Int) throws(CoppiceError) -> JSONElements {
    let elements = try array()
    guard elements.count == count else {
      throw error(.jsonType, "this array has \(elements.count) elements and must have \(count)")
    }
    return elements
  }
}

extension JSONNode {
  /// The error for a value of the wrong kind.
  func mismatch(_ wanted: String) -> CoppiceError {
    error(.jsonType, "this is \(summary) and must be \(wanted)")
  }

  /// The error for what is no integer, or one out of range.
  func notInteger() -> CoppiceError {
    guard entry.isInteger, tape.text(of: entry) != "-0" else {
      return mismatch("an integer, spelled without fraction and exponent, zero without sign")
    }
    return error(.jsonNumberRange, "\(summary) is beyond ±(2^53 − 1)")
  }

  func negative(_ number: Int) -> CoppiceError {
    error(.jsonNumberRange, "\(number) must not be negative")
  }

  /// The value in a few words.
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

  /// The beginning of a text, quoted and on one line.
  static func quotedExcerpt(_ text: String) -> String {
    var writer = CanonicalJSONWriter()
    writer.string(excerpt(text))
    return writer.text
  }

  /// The beginning of a long text.
  static func excerpt(_ text: String) -> String {
    let limit = 40
    return text.unicodeScalars.count <= limit
      ? text : String(text.unicodeScalars.prefix(limit)) + "…"
  }
}
