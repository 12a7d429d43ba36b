import CoppiceModel

/// The keyed container passed to a type's own `encode(to:)`.
struct FieldContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let fields: FieldCollector

  var codingPath: [any CodingKey] { fields.place.codingPath }

  func encodeNil(forKey key: Key) throws { fields.add(key, .node(.value(.null))) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try fields.encode(value, forKey: key)
  }

  // The standard library's default implementations of these throw.
  func encode(_ value: Int128, forKey key: Key) throws { try fields.encode(value, forKey: key) }
  func encode(_ value: UInt128, forKey key: Key) throws { try fields.encode(value, forKey: key) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    let nested = FieldCollector(fields.run, at: fields.place(of: key))
    fields.add(key, .fields(nested))
    return KeyedEncodingContainer(FieldContainer<NestedKey>(fields: nested))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let nested = ElementCollector(fields.run, at: fields.place(of: key))
    fields.add(key, .elements(nested))
    return ElementContainer(elements: nested)
  }

  func superEncoder() -> any Encoder { superEncoder(for: IndexKey(stringValue: "super")) }

  func superEncoder(forKey key: Key) -> any Encoder { superEncoder(for: key) }

  private func superEncoder(for key: any CodingKey) -> any Encoder {
    let encoder = NodeEncoder(fields.run, at: fields.place(of: key))
    fields.add(key, .encoder(encoder))
    return encoder
  }
}

// `nil` keeps its key, so that the structure of a state doesn't depend on its values.
extension FieldContainer {
  private func encodeOrNone(_ value: (some Encodable)?, _ key: Key) throws {
    guard let value else { return try encodeNil(forKey: key) }
    try encode(value, forKey: key)
  }

  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    try encodeOrNone(value, key)
  }

  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: Int128?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try encodeOrNone(value, key) }
  func encodeIfPresent(_ value: UInt128?, forKey key: Key) throws { try encodeOrNone(value, key) }
}
