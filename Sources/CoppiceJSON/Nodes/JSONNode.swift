internal import CCoppiceSimdjson

/// A value or name of a document; copying is cheap, and a node keeps the document in memory.
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

  /// The kind of a value.
  package enum Kind: String, Sendable {
    case null, bool, number, string, array, object
  }

  /// The kind of this value.
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

  /// Whether this is `null`.
  package var isNull: Bool { entry.isKind(csimdjson_kind_null) }
}
