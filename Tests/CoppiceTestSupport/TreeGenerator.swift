package import CoppiceModel

/// Makes trees of every kind of node, key, value, element type and shape.
package struct TreeGenerator {
  private var random: SeededGenerator
  /// The most elements that one extent may have.
  private let extent: Int

  package init(seed: UInt64, extent: Int = 5) {
    random = SeededGenerator(seed: seed)
    self.extent = extent
  }

  /// Makes a tree; its root is a container.
  package mutating func tree(depth: Int = 4) throws(CoppiceError) -> Tree<NDArray> {
    var entries: [Tree<NDArray>.Entry] = []
    for key in keys(Int.random(in: 3...9, using: &random)) {
      entries.append(.init(key, try node(depth: depth)))
    }
    return .dict(entries)
  }

  private mutating func node(depth: Int) throws(CoppiceError) -> Tree<NDArray> {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
    case 0...3: return .leaf(try array())
    case 4, 5: return .value(value())
    case 6, 7: return try tree(depth: depth - 1)
    case 8:
      let nodes = try nodes(depth: depth - 1)
      return Bool.random(using: &random) ? .list(nodes) : .tuple(nodes)
    default:
      var fields: [Tree<NDArray>.Field] = []
      for name in ["count", "μ", "a/b"].shuffled(using: &random).prefix(2) {
        fields.append(.init(name, try node(depth: depth - 1)))
      }
      return .record(.init(type: "State", fields: fields))
    }
  }

  private mutating func nodes(depth: Int) throws(CoppiceError) -> [Tree<NDArray>] {
    var nodes: [Tree<NDArray>] = []
    for _ in 0..<Int.random(in: 0...3, using: &random) { nodes.append(try node(depth: depth)) }
    return nodes
  }

  private static let oddKeys: [TreeKey] = [
    "", ".", "..", "/", "a/b", "%", "%41", "~", "~1", "é", "e\u{301}", "\u{0}", "\n", "7", 7, -3,
    "kernel", "%coppice", " ", "日本", "\u{7F}", ".hidden",
  ]

  private mutating func keys(_ count: Int) -> [TreeKey] {
    Array(Self.oddKeys.shuffled(using: &random).prefix(count))
  }

  private mutating func value() -> TreeValue {
    let values: [TreeValue] = [
      .int(IntegerText(Int.min)), .int(IntegerText("1180591620717411303424")!), .bool(true),
      .float(.init(0.1)), .float(.init(-0.0)), .float(.init(.infinity)),
      .float(.init(bitPattern: 0x7FF0_0000_0000_0001)), .float(.init(1e16)), .null,
      .complex(real: .init(1), imaginary: .init(.nan)), .string("\"quoted\"\n\u{1F332}"),
      .string(""), .bytes([0, 255, 10]), .bytes([]),
      .stringArray(TextArray(shape: Shape([2])!, elements: .strings(["a", ""]))!),
      .stringArray(TextArray(shape: Shape([1, 1])!, elements: .bytes([[0, 1]]))!),
    ]
    return values.randomElement(using: &random) ?? .null
  }

  /// Makes an array of a random type and shape with random bits.
  package mutating func array() throws(CoppiceError) -> NDArray {
    let dtype = DType.allCases.randomElement(using: &random) ?? .float32
    let rank = Int.random(in: 0...4, using: &random)
    let dimensions = (0..<rank).map { _ in Int.random(in: 0...extent, using: &random) }
    return try array(dtype, dimensions)
  }

  /// Makes an array with random bits that are valid for its type.
  package mutating func array(_ dtype: DType, _ dimensions: [Int]) throws(CoppiceError) -> NDArray {
    guard let shape = Shape(dimensions) else {
      throw CoppiceError(.modelByteCount, "no such shape")
    }
    // Eight bytes at a time: large arrays are made by many tests.
    let mask = UInt64((1 << min(dtype.significantBits, 8)) - 1) * 0x0101_0101_0101_0101
    let count = shape.elementCount * dtype.width
    var words: [UInt64] = []
    words.reserveCapacity((count + 7) / 8)
    for _ in stride(from: 0, to: count, by: 8) { words.append(random.next() & mask) }
    let bytes = words.span.bytes.extracting(first: count).copied
    return try NDArray(dtype: dtype, shape: shape, bytes: bytes)
  }
}
