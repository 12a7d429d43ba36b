package import CoppiceModel

/// One value of a MessagePack document, with the payloads of byte strings and extensions unread.
package enum MsgpackValue: Sendable {
  case none
  case bool(Bool)
  case int(Int64)
  /// An integer above `Int64.max`.
  case uint(UInt64)
  case float(Double)
  case string(String)
  case bytes(MsgpackPayload)
  case array([MsgpackValue])
  /// Entries in document order, no two keys equal.
  case map([Entry])
  /// A map with a key that is neither text nor an integer, by the kind of the first such key.
  case oddMap(key: String)
  case ext(type: Int8, MsgpackPayload)

  /// One key of a map with its value.
  package struct Entry: Sendable {
    package var key: TreeKey
    package var value: MsgpackValue
  }
}

/// The range of a byte string's or an extension's bytes in the source.
package struct MsgpackPayload: Hashable, Sendable {
  package var offset: Int
  package var count: Int
}

extension MsgpackValue {
  /// The value of a map's text key; `nil` for other kinds and absent keys.
  package subscript(name: String) -> MsgpackValue? {
    guard case .map(let entries) = self else { return nil }
    return entries.first { $0.key == .string(name) }?.value
  }

  /// The integer, if `Int` can hold it.
  package var integer: Int? {
    if case .int(let number) = self { Int(number) } else { nil }
  }

  /// The kind of this value, for messages.
  package var kind: String {
    switch self {
    case .none: "nil"
    case .bool: "a boolean"
    case .int, .uint: "an integer"
    case .float: "a float"
    case .string: "text"
    case .bytes: "a byte string"
    case .array: "an array"
    case .map, .oddMap: "a map"
    case .ext(let type, _): "extension \(type)"
    }
  }
}
