package import CoppiceModel

/// A JSON document, read strictly.
///
/// Reading refuses duplicate names, a byte order mark, ill-formed UTF-8, halves of surrogate pairs,
/// trailing content, and everything else that RFC 8259 forbids or leaves open. It keeps the
/// source's spelling of numbers, the offset of each value and the order of members.
///
/// Spec: MET-1, MET-2, MET-11.
package struct JSONDocument: Sendable {
  let tape: JSONTape

  /// Reads a document.
  ///
  /// - Throws: `json.syntax`, `json.duplicate-name`, `json.encoding`, `json.depth` or `json.size`,
  ///   with pointer and byte offset; `limit.memory`.
  package init(
    parsing bytes: [UInt8], file: String? = nil, dialect: JSONDialect = .strict,
    limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    try self.init(parsing: unsafe bytes.span.bytes, file: file, dialect: dialect, limits: limits)
  }

  /// Reads a document from bytes that need not outlive the call.
  package init(
    parsing bytes: RawSpan, file: String? = nil, dialect: JSONDialect = .strict,
    limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    tape = try JSONTape(parsing: bytes, file: file, dialect: dialect, limits: limits)
  }

  /// The document's value.
  package var root: JSONNode { JSONNode(tape: tape, index: 0) }

  /// The file that errors name.
  package var file: String? { tape.file }

  /// The length of the source.
  package var byteCount: Int { tape.byteCount }
}

extension JSONDocument {
  /// Parses the bytes of a file that Python's `json` wrote, and says what to do if it can't be parsed.
  package init(stored bytes: [UInt8], file: String, limits: ReadLimits) throws(CoppiceError) {
    do {
      try self.init(parsing: bytes, file: file, dialect: .python, limits: limits)
    } catch {
      guard error.code == .jsonSyntax || error.code == .jsonEncoding else { throw error }
      throw CoppiceError(
        error.code, "the document is cut or damaged: \(error.message); copy it again",
        at: error.location)
    }
  }
}
