internal import CCoppiceSimdjson
package import CoppiceModel

extension JSONNode {
  /// The value as `JSON`, without the document; number text and member order are kept.
  package var json: JSON {
    switch kind {
    case .null: .null
    case .bool: .bool(entry.isKind(csimdjson_kind_true))
    case .number: .number(tape.text(of: entry))
    case .string: .string(tape.text(of: entry))
    case .array: .array(elements.map(\.json))
    case .object: .object(members.map { JSON.Member($0.name, $0.value.json) })
    }
  }
}
