internal import CCoppiceSimdjson

/// The set of tokens that a document may have.
package enum JSONDialect: Sendable {
  /// RFC 8259.
  case strict
  /// The output of Python's `json` module: also `NaN`, `Infinity` and `-Infinity`, as numbers.
  case python

  var code: csimdjson_dialect {
    switch self {
    case .strict: csimdjson_dialect_strict
    case .python: csimdjson_dialect_python
    }
  }
}
