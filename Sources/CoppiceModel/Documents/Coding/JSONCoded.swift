/// A value of a document that is being decoded, and its place.
struct JSONCoded {
  let json: JSON
  let place: CodingPlace?

  /// Returns the value as one of a type.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try place.checkDepth()
    if type == JSON.self, let json = json as? Value { return json }
    guard let primitive = type as? any JSONPrimitive.Type else {
      return try Value(from: JSONDecoding(coded: self))
    }
    guard let value = primitive.init(json: json) as? Value else { throw mismatch(type) }
    return value
  }

  func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(
      type,
      .init(
        codingPath: place.codingPath,
        debugDescription: "found \(json.summary), where the type asks for \(type)"))
  }
}

extension JSON {
  /// The kind of the value in a few words.
  fileprivate var summary: String {
    switch self {
    case .null: "null"
    case .bool(let isTrue): String(isTrue)
    case .number(let text): "the number \(text.printable)"
    case .string(let text): "the text \"\(text.printable)\""
    case .array(let elements): "an array of \(elements.count)"
    case .object(let members): "an object of \(members.count)"
    }
  }
}

/// The decoder that one value's own decoding reads from.
private struct JSONDecoding: Decoder {
  let coded: JSONCoded

  var codingPath: [any CodingKey] { coded.place.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = coded.json else { throw coded.mismatch([String: Any].self) }
    return KeyedDecodingContainer(MembersReader<Key>(members, at: coded.place))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = coded.json else { throw coded.mismatch([Any].self) }
    return ElementsReader(elements: elements, place: coded.place)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    ValueReader(coded: coded)
  }
}

/// The keyed container that a value's own decoding sees.
private struct MembersReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let members: [JSON.Member]
  /// The places of the names, once there are many.
  private let positions: [TreeKey: Int]
  private let place: CodingPlace?

  /// From this number of members on, they are looked up by hash.
  private static var indexThreshold: Int { 12 }

  init(_ members: [JSON.Member], at place: CodingPlace?) {
    self.members = members
    self.place = place
    var positions: [TreeKey: Int] = [:]
    if members.count > Self.indexThreshold {
      for (position, member) in members.enumerated() { positions[.string(member.name)] = position }
    }
    self.positions = positions
  }

  var codingPath: [any CodingKey] { place.codingPath }
  var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

  private func value(_ key: any CodingKey) -> JSON? {
    let name = TreeKey.string(key.stringValue)
    let position =
      positions.isEmpty
      ? members.firstIndex { TreeKey.string($0.name) == name } : positions[name]
    return position.map { members[$0].value }
  }

  private func coded(_ key: any CodingKey) throws -> JSONCoded {
    let place: CodingPlace? = CodingPlace(place, key: key)
    guard let value = value(key) else {
      throw DecodingError.keyNotFound(
        key,
        .init(
          codingPath: place.codingPath,
          debugDescription: "there is no \"\(key.stringValue.printable)\", which the type asks for"
            + NearMiss.hint(for: key.stringValue, among: members.map(\.name))))
    }
    return JSONCoded(json: value, place: place)
  }

  func contains(_ key: Key) -> Bool { value(key) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try coded(key).json.isNull }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try coded(key).decode(type)
  }

  // The standard library's own versions of these refuse.
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
    try coded(key).decode(type)
  }

  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
    try coded(key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try JSONDecoding(coded: coded(key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try JSONDecoding(coded: coded(key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    JSONDecoding(coded: try coded(IndexKey(stringValue: "super")))
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    JSONDecoding(coded: try coded(key))
  }
}

/// The unkeyed container that a value's own decoding sees.
private struct ElementsReader: UnkeyedDecodingContainer {
  let elements: [JSON]
  let place: CodingPlace?
  private(set) var currentIndex = 0

  init(elements: [JSON], place: CodingPlace?) {
    self.elements = elements
    self.place = place
  }

  var codingPath: [any CodingKey] { place.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  private func next() throws -> JSONCoded {
    let place: CodingPlace? = CodingPlace(place, index: currentIndex)
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        JSON.self,
        .init(
          codingPath: place.codingPath,
          debugDescription: "the array has no more than \(elements.count) elements"))
    }
    return JSONCoded(json: elements[currentIndex], place: place)
  }

  mutating func decodeNil() throws -> Bool {
    guard try next().json.isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try next().decode(type)
    currentIndex += 1
    return value
  }

  // The standard library's own versions of these refuse.
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try decodeInteger(type) }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try decodeInteger(type) }

  private mutating func decodeInteger<Number: Decodable>(_ type: Number.Type) throws -> Number {
    let value = try next().decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try JSONDecoding(coded: next()).container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try JSONDecoding(coded: next()).unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = JSONDecoding(coded: try next())
    currentIndex += 1
    return decoder
  }
}

/// The container of one value that a value's own decoding sees.
private struct ValueReader: SingleValueDecodingContainer {
  let coded: JSONCoded

  var codingPath: [any CodingKey] { coded.place.codingPath }

  func decodeNil() -> Bool { coded.json.isNull }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try coded.decode(type) }

  // The standard library's own versions of these refuse.
  func decode(_ type: Int128.Type) throws -> Int128 { try coded.decode(type) }
  func decode(_ type: UInt128.Type) throws -> UInt128 { try coded.decode(type) }
}
