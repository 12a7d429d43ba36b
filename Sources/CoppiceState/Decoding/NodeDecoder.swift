import CoppiceModel

/// The decoder passed to a type's own `init(from:)`.
struct NodeDecoder: Decoder {
  let coded: CodedNode

  var codingPath: [any CodingKey] { coded.place.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { coded.run.options.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(FieldReader<Key>(fields: try NodeFields(coded)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    ElementReader(elements: try NodeElements(coded, for: [Any].self))
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { ValueReader(coded: coded) }

  private struct ValueReader: SingleValueDecodingContainer {
    let coded: CodedNode

    var codingPath: [any CodingKey] { coded.place.codingPath }

    func decodeNil() -> Bool { coded.isNone }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try coded.decode(type) }

    // The standard library's default implementations of these throw.
    func decode(_ type: Int128.Type) throws -> Int128 { try .make(from: coded) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try .make(from: coded) }
  }
}
