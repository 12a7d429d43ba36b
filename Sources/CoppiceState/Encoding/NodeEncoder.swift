import CoppiceModel

/// The encoder passed to a type's own `encode(to:)`.
final class NodeEncoder: Encoder {
  private let run: EncodingRun
  private let place: CodingPlace?
  /// The type's name for a record; `nil` for a dictionary.
  private let typeName: String?
  private var content: EncodedPart?

  init(_ run: EncodingRun, at place: CodingPlace?, typeName: String? = nil) {
    self.run = run
    self.place = place
    self.typeName = typeName
  }

  var codingPath: [any CodingKey] { place.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { run.options.userInfo }

  /// Returns the node that was written; an empty dictionary if nothing was.
  func finish() throws -> Tree<NDArray> {
    try run.checkFailure()
    return try (content ?? .fields(FieldCollector(run, at: place, typeName: typeName))).finish()
  }

  // A class and its superclass may both request the container; both get the same one.
  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let fields: FieldCollector
    if case .fields(let known)? = content {
      fields = known
    } else {
      refuseSecondKind()
      fields = FieldCollector(run, at: place, typeName: typeName)
      content = .fields(fields)
    }
    return KeyedEncodingContainer(FieldContainer(fields: fields))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .elements(let known)? = content { return ElementContainer(elements: known) }
    refuseSecondKind()
    let elements = ElementCollector(run, at: place)
    content = .elements(elements)
    return ElementContainer(elements: elements)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    ValueContainer(encoder: self)
  }

  private func refuseSecondKind() {
    guard content != nil else { return }
    run.keep(
      CoppiceError(
        .stateCoding, "the type's own encoding writes two kinds of container at one place",
        at: .init(treePath: place.treePath.description)))
  }

  private struct ValueContainer: SingleValueEncodingContainer {
    let encoder: NodeEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() throws { try encoder.set(.value(.null)) }

    func encode<Value: Encodable>(_ value: Value) throws {
      try encoder.set(try encoder.run.node(value, at: encoder.place))
    }

    // The standard library's default implementations of these throw.
    func encode(_ value: Int128) throws { try encoder.set(.value(.int(IntegerText(value)))) }
    func encode(_ value: UInt128) throws { try encoder.set(.value(.int(IntegerText(value)))) }
  }

  private func set(_ node: Tree<NDArray>) throws {
    refuseSecondKind()
    try run.checkFailure()
    content = .node(node)
  }
}

/// A node, or a container that becomes one once the value is encoded.
enum EncodedPart {
  case node(Tree<NDArray>)
  case encoder(NodeEncoder)
  case fields(FieldCollector)
  case elements(ElementCollector)

  func finish() throws -> Tree<NDArray> {
    switch self {
    case .node(let node): node
    case .encoder(let encoder): try encoder.finish()
    case .fields(let fields): try fields.finish()
    case .elements(let elements): try elements.finish()
    }
  }
}
