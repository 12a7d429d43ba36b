import CoppiceModel

/// The elements of a sequence that is being decoded.
///
/// Sequences are lists, tuples, the arrays along an array's first dimension, and dictionaries with
/// the keys 0, 1, 2…, which Flax writes for lists.
struct NodeElements {
  private enum Elements {
    case nodes([Tree<NDArray>])
    /// Nodes in order, with their positions in the dictionary.
    case entries([(position: Int, key: TreeKey, node: Tree<NDArray>)])
    case array(NDArray)
    case texts(TextArray)
  }

  let coded: CodedNode
  let count: Int
  private let elements: Elements

  init(_ coded: CodedNode, for type: Any.Type) throws {
    self.coded = coded
    switch coded.node {
    case .list(let nodes), .tuple(let nodes): elements = .nodes(nodes)
    case .dict(let entries):
      guard let sorted = Self.sequence(entries) else {
        throw coded.mismatch(type, "its keys aren't 0, 1, 2…")
      }
      elements = .entries(sorted)
    case .leaf(let array) where array.shape.rank > 0: elements = .array(array)
    case .value(.stringArray(let texts)) where texts.shape.rank > 0: elements = .texts(texts)
    case .value(.bytes(let bytes)): elements = .array(try NDArray(bytes))
    default: throw coded.mismatch(type)
    }
    switch elements {
    case .nodes(let nodes): count = nodes.count
    case .entries(let entries): count = entries.count
    case .array(let array): count = try Self.rowCount(array.shape, coded)
    case .texts(let texts): count = try Self.rowCount(texts.shape, coded)
    }
    if case .array = elements { coded.markUsed() }
    if case .texts = elements { coded.markUsed() }
  }

  /// Returns the number of rows of an array; limited, because an array without elements can have
  /// any number of rows, and each takes memory.
  private static func rowCount(_ shape: Shape, _ coded: CodedNode) throws -> Int {
    let count = shape.dimensions.first ?? 0
    guard shape.elementCount > 0 || count <= ReadLimits.standard.leaves else {
      throw coded.corrupted("the shape \(shape) has too many rows without elements")
    }
    return count
  }

  /// Returns the entries in the order of their numbers, if the keys are 0, 1, 2….
  private static func sequence(
    _ entries: [Tree<NDArray>.Entry]
  ) -> [(position: Int, key: TreeKey, node: Tree<NDArray>)]? {
    var positions = [Int?](repeating: nil, count: entries.count)
    for (position, entry) in entries.enumerated() {
      guard let number = entry.key.number, positions.indices.contains(number),
        positions[number] == nil
      else { return nil }
      positions[number] = position
    }
    return positions.compactMap { position in
      position.map { ($0, entries[$0].key, entries[$0].node) }
    }
  }

  func element(_ index: Int) throws -> CodedNode {
    guard (0..<count).contains(index) else {
      throw DecodingError.valueNotFound(
        Any.self,
        .init(
          codingPath: CodingPlace?.some(CodingPlace(coded.place, index: index)).codingPath,
          debugDescription: "there are only \(count) elements"))
    }
    switch elements {
    case .nodes(let nodes):
      return coded.child(nodes[index], at: index, CodingPlace(coded.place, index: index))
    case .entries(let entries):
      let (position, key, node) = entries[index]
      let place = CodingPlace(coded.place, key: IndexKey(index), component: .key(key))
      return coded.child(node, at: position, place)
    case .array(let array):
      return part(.leaf(try array.row(index)), index)
    case .texts(let texts):
      return part(.value(try texts.row(index)), index)
    }
  }

  private func part(_ node: Tree<NDArray>, _ index: Int) -> CodedNode {
    CodedNode(
      run: coded.run, node: node, place: CodingPlace(coded.place, index: index), usage: nil)
  }

  /// The array of the elements, if it has one dimension.
  var vector: NDArray? {
    guard case .array(let array) = elements, array.shape.rank == 1 else { return nil }
    return array
  }

  /// Returns an element of a vector, if it has the requested type.
  func number<Value>(_ type: Value.Type, at index: Int) -> Value? {
    guard let vector, let type = type as? any ArrayElement.Type else { return nil }
    return vector.number(type, at: index) as? Value
  }
}

extension NDArray {
  /// Returns an element by its index in C order; `nil` if its type differs or the index is out of
  /// range.
  fileprivate func number<Number: ArrayElement>(_ type: Number.Type, at index: Int) -> Number? {
    // A byte may not be a valid `Bool`, so `Bool` elements are not read here.
    guard dtype == Number.dtype, dtype != .bool, (0..<shape.elementCount).contains(index) else {
      return nil
    }
    return withBytes { bytes in
      unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index * dtype.width, as: Number.self)
    }
  }
}

extension TreeKey {
  /// The integer of the key, or the one that its text spells.
  var number: Int? {
    switch self {
    case .integer(let number): number
    case .string(let text): Int(text).flatMap { String($0) == text ? $0 : nil }
    }
  }
}

extension TextArray {
  /// Returns one value or array along the first dimension.
  fileprivate func row(_ index: Int) throws -> TreeValue {
    let rest = Array(shape.dimensions.dropFirst())
    let rowShape = Shape(rest)
    let size = rowShape?.elementCount ?? 0
    let range = (index * size)..<((index + 1) * size)
    let row: Elements =
      switch elements {
      case .strings(let strings): .strings(Array(strings[range]))
      case .bytes(let bytes): .bytes(Array(bytes[range]))
      }
    if rest.isEmpty {
      switch row {
      case .strings(let strings): return .string(strings.first ?? "")
      case .bytes(let bytes): return .bytes(bytes.first ?? [])
      }
    }
    guard let rowShape, let texts = TextArray(shape: rowShape, elements: row) else { return .null }
    return .stringArray(texts)
  }
}

/// The unkeyed container passed to a type's own `init(from:)`.
struct ElementReader: UnkeyedDecodingContainer {
  let elements: NodeElements
  private(set) var currentIndex = 0

  init(elements: NodeElements) { self.elements = elements }

  var codingPath: [any CodingKey] { elements.coded.place.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try elements.element(currentIndex).isNone else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value: Value
    if let number = elements.number(type, at: currentIndex) {
      value = number
    } else {
      value = try elements.element(currentIndex).decode(type)
    }
    currentIndex += 1
    return value
  }

  // Types such as Foundation's `Data` read long sequences of bytes.
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try decodeNumber(type) }
  mutating func decode(_ type: Float.Type) throws -> Float { try decodeNumber(type) }
  mutating func decode(_ type: Double.Type) throws -> Double { try decodeNumber(type) }

  private mutating func decodeNumber<Number: ArrayElement & Decodable>(
    _ type: Number.Type
  ) throws -> Number {
    let number =
      try elements.vector?.number(type, at: currentIndex)
      ?? elements.element(currentIndex).decode(type)
    currentIndex += 1
    return number
  }

  // The standard library's default implementations of these throw.
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try decodeInteger(type) }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try decodeInteger(type) }

  private mutating func decodeInteger<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try elements.element(currentIndex).decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try nextDecoder().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try nextDecoder().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try nextDecoder() }

  private mutating func nextDecoder() throws -> NodeDecoder {
    let decoder = NodeDecoder(coded: try elements.element(currentIndex))
    currentIndex += 1
    return decoder
  }
}
