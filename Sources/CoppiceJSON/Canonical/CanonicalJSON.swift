internal import CCoppiceSimdjson
package import CoppiceModel

/// The canonical form of a JSON value.
///
/// It has no white space, members sorted by the bytes of their names, one table of escapes, and a
/// line feed at the end. Numbers keep their own text.
///
/// Spec: MET-4 to MET-6.
package enum CanonicalJSON {
  /// Encodes a value.
  ///
  /// - Throws: `json.number-range` for the text of a number that the dialect doesn't have,
  ///   `json.duplicate-name`, `json.depth`; each with the pointer.
  package static func encode(
    _ json: JSON, dialect: JSONDialect = .strict, limits: ReadLimits = .standard
  ) throws(CoppiceError) -> [UInt8] {
    var writer = CanonicalJSONWriter()
    try writer.value(json, dialect: dialect, limits: limits)
    return writer.finish()
  }

  /// Appends a text as a JSON string, for documents whose members have an order of their own.
  package static func append(quoted text: String, to bytes: inout [UInt8]) {
    bytes.appendQuoted(text.utf8.span)
  }

  /// Encodes a value that was read.
  package static func encode(_ node: JSONNode) -> [UInt8] {
    var writer = CanonicalJSONWriter(reservingCapacity: node.index == 0 ? node.tape.byteCount : 0)
    writer.value(node)
    return writer.finish()
  }

  /// Returns whether bytes are a document in canonical form.
  package static func isCanonical(
    _ bytes: [UInt8], dialect: JSONDialect = .strict, limits: ReadLimits = .standard
  ) -> Bool {
    let document = try? JSONDocument(parsing: bytes, dialect: dialect, limits: limits)
    return document?.isCanonical ?? false
  }

  /// Returns whether a name comes before another in the order of bytes.
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.span.precedes(right.utf8.span)
  }

  /// Returns whether a text is exactly one number of a dialect.
  static func isNumber(_ text: String, _ dialect: JSONDialect) -> Bool {
    unsafe text.withCString { start in
      unsafe csimdjson_is_number(
        UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), text.utf8.count, dialect.code)
    }
  }
}

extension JSONDocument {
  /// Whether the source is exactly the canonical form of its value.
  package var isCanonical: Bool { firstDifferenceFromCanonical == nil }

  /// Refuses a source that isn't the canonical form of its value.
  ///
  /// - Throws: `json.not-canonical` at the first byte that differs.
  package func requireCanonical() throws(CoppiceError) {
    guard let offset = firstDifferenceFromCanonical else { return }
    throw CoppiceError(
      .jsonNotCanonical,
      "from here on the document is not canonical JSON (no white space, sorted names, one final line feed); write it again",
      at: .init(file: file, pointer: "", offset: offset))
  }

  private var firstDifferenceFromCanonical: Int? {
    let canonical = CanonicalJSON.encode(root)
    return tape.withSource { source in
      if source.isEqual(to: canonical.span) { return nil }
      let shared = min(canonical.count, source.count)
      return (0..<shared).first { canonical[$0] != source[$0] } ?? shared
    }
  }
}
