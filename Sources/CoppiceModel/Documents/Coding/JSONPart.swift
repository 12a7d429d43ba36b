/// A place of a document that is being made, with the JSON that a value's own encoding has put there.
final class JSONPart: Encoder {
  private enum Content {
    case value(JSON)
    case elements([JSONPart])
    case members([(name: String, part: JSONPart)])
  }

  private let place: JSONPlace
  private var content: Content?

  init(at place: JSONPlace) { self.place = place }

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
    case .elements(let parts):
      return .array(try parts.map { (part) throws(CoppiceError) in try part.finish() })
    case .members(let members):
      return .object(
        try members.map { (member) throws(CoppiceError) in
          .init(member.name, try member.part.finish())
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
    if case .elements(let parts)? = content { parts.count } else { 0 }
  }

  fileprivate func addElement() -> JSONPart {
    let part = JSONPart(at: JSONPlace(place, JSONKey(intValue: count)))
    guard case .elements(var parts)? = content else { return part }
    // Held twice, the elements would be copied.
    content = nil
    parts.append(part)
    content = .elements(parts)
    return part
  }

  /// Adds a member; the last one of a name counts.
  fileprivate func addMember(_ key: any CodingKey) -> JSONPart {
    let part = JSONPart(at: JSONPlace(place, key))
    guard case .members(var members)? = content else { return part }
    content = nil
    let name = key.stringValue
    if let index = members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      members[index].part = part
    } else {
      members.append((name, part))
    }
    content = .members(members)
    return part
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    beginMembers()
    return KeyedEncodingContainer(MembersContainer<Key>(part: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    beginElements()
    return ElementsContainer(part: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { ValueContainer(part: self) }
}

/// The keyed container that a value's own encoding sees.
private struct MembersContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let part: JSONPart

  var codingPath: [any CodingKey] { part.codingPath }

  func encodeNil(forKey key: Key) throws { part.addMember(key).set(.null) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try part.addMember(key).encode(value)
  }

  // The standard library's own versions of these refuse.
  func encode(_ value: Int128, forKey key: Key) throws { part.addMember(key).set(.integer(value)) }
  func encode(_ value: UInt128, forKey key: Key) throws { part.addMember(key).set(.integer(value)) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    part.addMember(key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    part.addMember(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { part.addMember(JSONKey("super")) }

  func superEncoder(forKey key: Key) -> any Encoder { part.addMember(key) }
}

/// The unkeyed container that a value's own encoding sees.
private struct ElementsContainer: UnkeyedEncodingContainer {
  let part: JSONPart

  var codingPath: [any CodingKey] { part.codingPath }
  var count: Int { part.count }

  func encodeNil() throws { part.addElement().set(.null) }

  func encode<Value: Encodable>(_ value: Value) throws { try part.addElement().encode(value) }

  // The standard library's own versions of these refuse.
  func encode(_ value: Int128) throws { part.addElement().set(.integer(value)) }
  func encode(_ value: UInt128) throws { part.addElement().set(.integer(value)) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    part.addElement().container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    part.addElement().unkeyedContainer()
  }

  func superEncoder() -> any Encoder { part.addElement() }
}

/// The container of one value that a value's own encoding sees.
private struct ValueContainer: SingleValueEncodingContainer {
  let part: JSONPart

  var codingPath: [any CodingKey] { part.codingPath }

  func encodeNil() throws { part.set(.null) }

  func encode<Value: Encodable>(_ value: Value) throws { try part.encode(value) }

  // The standard library's own versions of these refuse.
  func encode(_ value: Int128) throws { part.set(.integer(value)) }
  func encode(_ value: UInt128) throws { part.set(.integer(value)) }
}
