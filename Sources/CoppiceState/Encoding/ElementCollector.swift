import CoppiceModel

/// A collector of the elements of an unkeyed container: numbers of one type in one buffer, or
/// nodes.
final class ElementCollector {
  let run: EncodingRun
  let place: CodingPlace?
  private var parts: [EncodedPart] = []
  private var numbers: (dtype: DType, bytes: [UInt8], count: Int)?

  init(_ run: EncodingRun, at place: CodingPlace?) {
    self.run = run
    self.place = place
    if place.depth >= run.options.depth { run.keep(run.tooDeep(place)) }
  }

  var count: Int { numbers?.count ?? parts.count }

  var nextPlace: CodingPlace { CodingPlace(place, index: count) }

  func encode(_ value: some Encodable) throws {
    try run.checkFailure()
    if parts.isEmpty, let number = value as? any ArrayElement, append(number: number) { return }
    add(.node(try run.node(value, at: nextPlace)))
  }

  func add(_ part: EncodedPart) {
    spill()
    parts.append(part)
  }

  /// Appends a number if all elements so far have its type; returns `false` otherwise.
  private func append<Number: ArrayElement>(number: Number) -> Bool {
    guard (numbers?.dtype ?? Number.dtype) == Number.dtype else { return false }
    if numbers == nil { numbers = (Number.dtype, [], 0) }
    unsafe withUnsafeBytes(of: number) { unsafe numbers?.bytes.append(contentsOf: $0) }
    numbers?.count += 1
    return true
  }

  func encode(bytes: some Sequence<UInt8>) throws {
    try run.checkFailure()
    var rest = bytes.makeIterator()
    // Try the first byte alone: it tells whether the bytes can join the buffer.
    guard let first = rest.next() else { return }
    try encode(first)
    guard var numbers, numbers.dtype == .uint8 else {
      while let byte = rest.next() { try encode(byte) }
      return
    }
    // The buffer must have one owner, or appending would copy it.
    self.numbers = nil
    while let byte = rest.next() { numbers.bytes.append(byte) }
    numbers.count = numbers.bytes.count
    self.numbers = numbers
  }

  /// Turns the numbers into nodes, because an element of another kind follows.
  private func spill() {
    guard let (dtype, bytes, count) = numbers else { return }
    numbers = nil
    let span = unsafe bytes.span.bytes
    for index in 0..<count {
      parts.append(.node(.value(TreeValue(element: index, of: dtype, in: span))))
    }
  }

  func finish() throws -> Tree<NDArray> {
    guard let (dtype, bytes, count) = numbers else {
      return .list(try parts.map { try $0.finish() })
    }
    guard let shape = Shape([count]) else { return .list([]) }
    return .leaf(try NDArray(dtype: dtype, shape: shape, bytes: bytes))
  }
}

/// The unkeyed container passed to a type's own `encode(to:)`.
struct ElementContainer: UnkeyedEncodingContainer {
  let elements: ElementCollector

  var codingPath: [any CodingKey] { elements.place.codingPath }
  var count: Int { elements.count }

  func encodeNil() throws { elements.add(.node(.value(.null))) }

  func encode<Value: Encodable>(_ value: Value) throws { try elements.encode(value) }

  /// Encodes bytes all at once.
  func encode<Bytes: Sequence>(contentsOf sequence: Bytes) throws where Bytes.Element == UInt8 {
    try elements.encode(bytes: sequence)
  }

  // The standard library's default implementations of these throw.
  func encode(_ value: Int128) throws { try elements.encode(value) }
  func encode(_ value: UInt128) throws { try elements.encode(value) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    let nested = FieldCollector(elements.run, at: elements.nextPlace)
    elements.add(.fields(nested))
    return KeyedEncodingContainer(FieldContainer<NestedKey>(fields: nested))
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let nested = ElementCollector(elements.run, at: elements.nextPlace)
    elements.add(.elements(nested))
    return ElementContainer(elements: nested)
  }

  func superEncoder() -> any Encoder {
    let encoder = NodeEncoder(elements.run, at: elements.nextPlace)
    elements.add(.encoder(encoder))
    return encoder
  }
}
