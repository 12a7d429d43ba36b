import CoppiceModel

/// The entries of a dictionary or a record that is being decoded.
final class NodeFields {
  let coded: CodedNode
  let entries: [(key: TreeKey, node: Tree<NDArray>)]
  private lazy var positions = Dictionary(
    entries.enumerated().map { ($0.element.key, $0.offset) },
    uniquingKeysWith: { first, _ in first })

  /// The number of entries from which a hash index is used.
  private static let indexThreshold = 12

  init(_ coded: CodedNode) throws {
    self.coded = coded
    switch coded.node {
    case .dict(let entries): self.entries = entries.map { ($0.key, $0.node) }
    case .record(let record): entries = record.fields.map { (.string($0.name), $0.node) }
    case .value(.null):
      throw coded.corrupted("found none, where the type asks for named values")
    default:
      throw coded.corrupted("found \(coded.node.summary), where the type asks for named values")
    }
  }

  /// Returns the position of a key, looked up by its text and then by its integer.
  func position(of key: any CodingKey) -> Int? {
    position(of: .string(key.stringValue)) ?? key.intValue.flatMap { position(of: .integer($0)) }
  }

  private func position(of key: TreeKey) -> Int? {
    guard entries.count > Self.indexThreshold else {
      return entries.firstIndex { $0.key == key }
    }
    return positions[key]
  }

  func child(at position: Int, key: any CodingKey) -> CodedNode {
    let entry = entries[position]
    let component: TreePath.Component =
      if case .record = coded.node { .field(key.stringValue) } else { .key(entry.key) }
    return coded.child(
      entry.node, at: position, CodingPlace(coded.place, key: key, component: component))
  }

  func child(of key: any CodingKey) throws -> CodedNode {
    guard let position = position(of: key) else {
      throw DecodingError.keyNotFound(
        key,
        .init(codingPath: coded.place.codingPath, debugDescription: missing(key)))
    }
    return child(at: position, key: key)
  }

  private func missing(_ key: any CodingKey) -> String {
    let shown = entries.prefix(12).map { entry in
      switch entry.key {
      case .string(let text): "\"\(text.printable)\""
      case .integer(let number): "\(number)"
      }
    }
    let available =
      switch entries.count {
      case 0: "there is nothing"
      case 1: "there is only \(shown[0])"
      default: "there are " + shown.joined(separator: ", ") + (entries.count > 12 ? ", …" : "")
      }
    return "the tree has no \"\(key.stringValue.printable)\" here: \(available); "
      + "rename what is there, give a fallback, or make the property optional"
  }
}

/// The keyed container passed to a type's own `init(from:)`.
struct FieldReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let fields: NodeFields

  var codingPath: [any CodingKey] { fields.coded.place.codingPath }

  var allKeys: [Key] {
    fields.entries.compactMap { entry in
      switch entry.key {
      case .string(let text): Key(stringValue: text)
      case .integer(let number): Key(intValue: number) ?? Key(stringValue: String(number))
      }
    }
  }

  func contains(_ key: Key) -> Bool { fields.position(of: key) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try fields.child(of: key).isNone }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try fields.child(of: key).decode(type)
  }

  // The standard library's default implementations of these throw.
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
    try fields.child(of: key).decode(type)
  }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
    try fields.child(of: key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try NodeDecoder(coded: try fields.child(of: key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try NodeDecoder(coded: try fields.child(of: key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    NodeDecoder(coded: try fields.child(of: IndexKey(stringValue: "super")))
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    NodeDecoder(coded: try fields.child(of: key))
  }
}
