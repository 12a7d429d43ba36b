package import CoppiceModel

/// One value of a MessagePack document; byte strings and extensions stay where they lie.
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
  case ext(type: Int8, MsgpackPayload)

  /// One key of a map with its value.
  package struct Entry: Sendable {
    package var key: TreeKey
    package var value: MsgpackValue
  }
}

/// Where the bytes of a byte string or an extension lie in the source.
package struct MsgpackPayload: Hashable, Sendable {
  package var offset: Int
  package var count: Int
}

extension MsgpackValue {
  /// The value of a map's text key, or `nil` when this is no map or has none of that name.
  package subscript(name: String) -> MsgpackValue? {
    guard case .map(let entries) = self else { return nil }
    return entries.first { $0.key == .string(name) }?.value
  }

  /// The integer, where it is one that `Int` holds.
  package var integer: Int? {
    if case .int(let number) = self { Int(number) } else { nil }
  }

  /// What kind of value this is, for messages.
  package var kind: String {
    switch self {
    case .none: "nil"
    case .bool: "a boolean"
    case .int, .uint: "an integer"
    case .float: "a float"
    case .string: "text"
    case .bytes: "a byte string"
    case .array: "an array"
    case .map: "a map"
    case .ext(let type, _): "extension \(type)"
    }
  }
}
