internal import CCoppiceSimdjson

/// A place in a document: cheap to copy, and keeps the document in memory.
package struct JSONNode: Sendable {
  let tape: JSONTape
  let index: Int

  @inline(__always)
  init(tape: JSONTape, index: Int) {
    self.tape = tape
    self.index = index
  }

  @inline(__always)
  var entry: csimdjson_entry { tape.entry(index) }

  /// What a value is.
  package enum Kind: String, Sendable {
    case null, bool, number, string, array, object
  }

  /// What this value is.
  package var kind: Kind {
    switch csimdjson_kind(UInt32(entry.kind)) {
    case csimdjson_kind_false, csimdjson_kind_true: .bool
    case csimdjson_kind_number: .number
    case csimdjson_kind_string: .string
    case csimdjson_kind_array: .array
    case csimdjson_kind_object: .object
    default: .null
    }
  }

  /// Tells whether this is `null`.
  package var isNull: Bool { entry.isKind(csimdjson_kind_null) }
}
