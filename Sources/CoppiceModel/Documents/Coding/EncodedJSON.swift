/// A place of a document that is being made, with the JSON that a value's own encoding has put there.
final class EncodedJSON: Encoder {
  private enum Content {
    case value(JSON)
    case elements([EncodedJSON])
    case members([(name: String, value: EncodedJSON)])
  }

  private let place: CodingPlace?
  private var content: Content?

  init(at place: CodingPlace?) { self.place = place }

  var codingPath: [any CodingKey] { place.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// Puts a value here.
  func encode(_ value: some Encodable) throws {
    try place.checkDepth()
    if let json = value as? JSON {
      content = .value(json)
    } else if let primitive = value as? any JSONPrimitive {
      content = .value(primitive.json)
    } else {
      try value.encode(to: self)
    }
  }

  /// Returns the JSON that was put here; an empty object where nothing was.
  func finish() throws(CoppiceError) -> JSON {
    switch content {
    case .value(let json): return json
    case .elements(let values):
      return .array(try values.map { (value) throws(CoppiceError) in try value.finish() })
    case .members(let members):
      return .object(
        try members.map { (member) throws(CoppiceError) in
          .init(member.name, try member.value.finish())
        })
    case nil: return .object([])
    }
  }

  fileprivate func set(_ json: JSON) { content = .value(json) }

  // A class and its superclass may both ask for a container: it is the same.

  fileprivate func beginElements() {
    if case .elements? = content { return }
    content = .elements([])
  }

  fileprivate func beginMembers() {
    if case .members? = content { return }
    content = .members([])
  }

  fileprivate var count: Int {
    if case .elements(let values)? = content { values.count } else { 0 }
  }

  fileprivate func addElement() -> EncodedJSON {
    let value = EncodedJSON(at: CodingPlace(place, index: count))
    guard case .elements(var values)? = content else { return value }
    // Held twice, the elements would be copied.
    content = nil
    values.append(value)
    content = .elements(values)
    return value
  }

  /// Adds a member; the last one of a name counts.
  fileprivate func addMember(_ key: any CodingKey) -> EncodedJSON {
    let value = EncodedJSON(at: CodingPlace(place, key: key))
    guard case .members(var members)? = content else { return value }
    content = nil
    let name = key.stringValue
    if let index = members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      members[index].value = value
    } else {
      members.append((name, value))
    }
    content = .members(members)
    return value
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    beginMembers()
    return KeyedEncodingContainer(MembersContainer<Key>(output: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    beginElements()
    return ElementsContainer(output: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { ValueContainer(output: self) }
}

/// The keyed container that a value's own encoding sees.
private struct MembersContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let output: EncodedJSON

  var codingPath: [any CodingKey] { output.codingPath }

  func encodeNil(forKey key: Key) throws { output.addMember(key).set(.null) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try output.addMember(key).encode(value)
  }

  // The standard library's own versions of these refuse.
  func encode(_ value: Int128, forKey key: Key) throws {
    output.addMember(key).set(.integer(value))
  }
  func encode(_ value: UInt128, forKey key: Key) throws {
    output.addMember(key).set(.integer(value))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    output.addMember(key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    output.addMember(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { output.addMember(IndexKey(stringValue: "super")) }

  func superEncoder(forKey key: Key) -> any Encoder { output.addMember(key) }
}

/// The unkeyed container that a value's own encoding sees.
private struct ElementsContainer: UnkeyedEncodingContainer {
  let output: EncodedJSON

  var codingPath: [any CodingKey] { output.codingPath }
  var count: Int { output.count }

  func encodeNil() throws { output.addElement().set(.null) }

  func encode<Value: Encodable>(_ value: Value) throws { try output.addElement().encode(value) }

  // The standard library's own versions of these refuse.
  func encode(_ value: Int128) throws { output.addElement().set(.integer(value)) }
  func encode(_ value: UInt128) throws { output.addElement().set(.integer(value)) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    output.addElement().container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    output.addElement().unkeyedContainer()
  }

  func superEncoder() -> any Encoder { output.addElement() }
}

/// The container of one value that a value's own encoding sees.
private struct ValueContainer: SingleValueEncodingContainer {
  let output: EncodedJSON

  var codingPath: [any CodingKey] { output.codingPath }

  func encodeNil() throws { output.set(.null) }

  func encode<Value: Encodable>(_ value: Value) throws { try output.encode(value) }

  // The standard library's own versions of these refuse.
  func encode(_ value: Int128) throws { output.set(.integer(value)) }
  func encode(_ value: UInt128) throws { output.set(.integer(value)) }
}
