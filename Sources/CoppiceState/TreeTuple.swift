import CoppiceModel

/// A sequence of values of several types, which a tree stores as a tuple.
///
/// The states of chained optimizers have this form: Optax stores them as a Python tuple.
public struct TreeTuple<each Element> {
  /// The values.
  public var elements: (repeat each Element)

  /// Makes a tuple from its values.
  public init(_ elements: repeat each Element) { self.elements = (repeat each elements) }
}

extension TreeTuple: Sendable where repeat each Element: Sendable {}

extension TreeTuple: Equatable where repeat each Element: Equatable {
  /// Returns whether all values are equal.
  public static func == (left: Self, right: Self) -> Bool {
    for (a, b) in repeat (each left.elements, each right.elements) {
      guard a == b else { return false }
    }
    return true
  }
}

extension TreeTuple: Encodable where repeat each Element: Encodable {
  /// Encodes the values as a sequence; `TreeEncoder` makes a tuple of it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for element in repeat each elements { try container.encode(element) }
  }
}

extension TreeTuple: Decodable where repeat each Element: Decodable {
  /// Decodes a sequence with exactly as many values as the tuple has.
  public init(from decoder: any Decoder) throws {
    var elements = try decoder.unkeyedContainer()
    self.init(repeat try Self.next((each Element).self, in: &elements))
    guard elements.isAtEnd else { throw Self.excess(elements) }
  }

  private static func next<Value: Decodable>(
    _ type: Value.Type, in elements: inout any UnkeyedDecodingContainer
  ) throws -> Value {
    try elements.decode(type)
  }

  private static func excess(_ elements: any UnkeyedDecodingContainer) -> DecodingError {
    .dataCorruptedError(
      in: elements,
      debugDescription: "there are \(elements.count ?? 0) elements, "
        + "but the tuple has \(elements.currentIndex)")
  }
}

extension TreeTuple: TreeEncodable where repeat each Element: Encodable {
  func node(in run: EncodingRun, at place: CodingPlace?) throws -> Tree<NDArray> {
    try run.checkDepth(ofContainerAt: place)
    var nodes: [Tree<NDArray>] = []
    for element in repeat each elements {
      nodes.append(try run.node(element, at: CodingPlace(place, index: nodes.count)))
    }
    return .tuple(nodes)
  }
}
