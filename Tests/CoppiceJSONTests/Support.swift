import CoppiceJSON
import CoppiceModel
import Testing

/// Parses a text.
func parse(
  _ text: String, _ dialect: JSONDialect = .strict, limits: ReadLimits = .standard
) throws(CoppiceError) -> JSONNode {
  try parse(Array(text.utf8), dialect, limits: limits)
}

/// Parses bytes.
func parse(
  _ bytes: [UInt8], _ dialect: JSONDialect = .strict, limits: ReadLimits = .standard
) throws(CoppiceError) -> JSONNode {
  try JSONDocument(parsing: bytes, file: "a.json", dialect: dialect, limits: limits).root
}

/// The error that an operation must throw.
func failure(
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) -> CoppiceError? {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as CoppiceError {
    return error
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}

/// Expects that an operation throws a code, at a place in `a.json`.
func expectFailure(
  _ code: String, at offset: Int, pointer: String,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  guard let error = failure(sourceLocation: sourceLocation, body) else { return }
  #expect(error.code.rawValue == code, "\(error)", sourceLocation: sourceLocation)
  #expect(error.location.offset == offset, "\(error)", sourceLocation: sourceLocation)
  #expect(error.location.pointer == pointer, "\(error)", sourceLocation: sourceLocation)
  #expect(error.location.file == "a.json", "\(error)", sourceLocation: sourceLocation)
}
