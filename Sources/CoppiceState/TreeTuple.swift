import CoppiceModel

/// Values of several types in order, which a tree holds as a tuple.
///
/// Optimizers that are chains of others have states like this: in Optax a Python tuple of them.
public struct TreeTuple<each Element> {
  /// The values.
  public var elements: (repeat each Element)

  /// Makes a tuple of its values.
  public init(_ elements: repeat each Element) { self.elements = (repeat each elements) }
}

extension TreeTuple: Sendable where repeat each Element: Sendable {}

extension TreeTuple: Equatable where repeat each Element: Equatable {
  /// Compares the values one by one.
  public static func == (left: Self, right: Self) -> Bool {
    for (a, b) in repeat (each left.elements, each right.elements) {
      guard a == b else { return false }
    }
    return true
  }
}

extension TreeTuple: Encodable where repeat each Element: Encodable {
  /// Writes a sequence, which encoders of checkpoints write as a tuple.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for element in repeat each elements { try container.encode(element) }
  }
}

extension TreeTuple: Decodable where repeat each Element: Decodable {
  /// Reads a sequence of exactly as many values.
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
