import CoppiceModel

extension Optional: TreeDecodable where Wrapped: Decodable {
  static func make(from coded: CodedNode) throws -> Wrapped? {
    coded.isNone ? nil : try coded.decode(Wrapped.self)
  }
}

extension Array: TreeDecodable where Element: Decodable {
  static func make(from coded: CodedNode) throws -> [Element] {
    if let type = Self.self as? any NestedElements.Type,
      let numbers = try coded.nested(type) as? [Element]
    {
      return numbers
    }
    let elements = try NodeElements(coded, for: Self.self)
    var values: [Element] = []
    values.reserveCapacity(elements.count)
    for index in 0..<elements.count {
      if let number = elements.number(Element.self, at: index) {
        values.append(number)
      } else {
        values.append(try elements.element(index).decode(Element.self))
      }
    }
    return values
  }
}

extension ContiguousArray: TreeDecodable where Element: Decodable {
  static func make(from coded: CodedNode) throws -> ContiguousArray {
    ContiguousArray(try [Element].make(from: coded))
  }
}

extension ArraySlice: TreeDecodable where Element: Decodable {
  static func make(from coded: CodedNode) throws -> ArraySlice {
    try [Element].make(from: coded)[...]
  }
}

extension Dictionary: TreeDecodable where Key: Decodable, Value: Decodable {
  static func make(from coded: CodedNode) throws -> [Key: Value] {
    guard let type = DictionaryKeys(Key.self) else {
      return try Self(from: NodeDecoder(coded: coded))
    }
    let fields = try NodeFields(coded)
    var values = Self(minimumCapacity: fields.entries.count)
    for (position, entry) in fields.entries.enumerated() {
      let child = fields.child(at: position, key: IndexKey(entry.key))
      guard let key = type.key(entry.key) as? Key else {
        throw child.corrupted("the key isn't one of \(Key.self), which the type asks for")
      }
      let value = try child.decode(Value.self)
      guard values.updateValue(value, forKey: key) == nil else {
        throw child.corrupted("two keys are the same to a dictionary with keys of \(Key.self)")
      }
    }
    return values
  }
}

/// The kind of keys that a dictionary type has.
private enum DictionaryKeys {
  case texts
  case integers
  case coded(any CodingKeyRepresentable.Type)

  init?(_ type: Any.Type) {
    switch type {
    case is String.Type: self = .texts
    case is Int.Type: self = .integers
    case let type as any CodingKeyRepresentable.Type: self = .coded(type)
    default: return nil
    }
  }

  func key(_ key: TreeKey) -> Any? {
    switch (self, key) {
    case (.texts, .string(let text)): text
    case (.texts, .integer): nil
    // Orbax writes integers as text.
    case (.integers, let key): key.number
    case (.coded(let type), let key): type.init(codingKey: IndexKey(key))
    }
  }
}
