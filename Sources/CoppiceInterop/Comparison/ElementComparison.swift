import CoppiceModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A summary of the differing elements of two arrays of equal shape.
public struct ElementDifference: Hashable, Sendable {
  /// The number of differing elements, and of all elements.
  public var differing: Int
  /// The number of all elements.
  public var total: Int
  /// The index of the first differing element, and its text in both arrays.
  public var firstIndex: [Int]
  /// The first differing element's text in the first array.
  public var firstA: String
  /// The first differing element's text in the second array.
  public var firstB: String
  /// The largest distance of two differing elements, if any two have a distance.
  public var largestAbsolute: Double?
  /// The largest distance, relative to the second element.
  public var largestRelative: Double?
  /// The norms of the arrays' difference, where they were asked for.
  public var norms: DifferenceNorms?
}

/// A comparison of the elements of two arrays, piece by piece.
struct ElementComparison {
  private let a: DType
  private let b: DType
  /// The tolerance; `nil` compares bit for bit.
  private let tolerance: Tolerance?

  private var differing = 0
  private var first: (index: Int, a: String, b: String)?
  private var largestAbsolute: Double?
  private var largestRelative: Double?

  /// The number of elements that are first compared as bytes, all at once.
  private static let blockCount = 4096

  /// The sums of distances; `nil` where they aren't asked for.
  private var distances: ElementDistances?

  /// The norms of all elements so far; `nil` where they aren't asked for.
  var sums: DistanceSums? { distances?.sums }

  init(
    _ a: DType, _ b: DType, tolerance: Tolerance?, measuresNorms: Bool = false
  ) throws(CoppiceError) {
    self.a = a
    self.b = b
    // Bits of two dtypes have different meanings, so numbers are compared by value.
    self.tolerance = tolerance ?? (a == b ? nil : Tolerance())
    if measuresNorms { distances = try ElementDistances(a, b) }
  }

  /// Compares the next elements, the same number of both arrays.
  mutating func compare(_ left: RawSpan, _ right: RawSpan, from firstElement: Int) {
    let count = left.byteCount / a.width
    var start = 0
    while start < count {
      let end = min(start + Self.blockCount, count)
      let leftBlock = left.extracting((start * a.width)..<(end * a.width))
      let rightBlock = right.extracting((start * b.width)..<(end * b.width))
      distances?.add(leftBlock, rightBlock)
      if a != b || !Self.areSame(leftBlock, rightBlock) {
        compareBlock(leftBlock, rightBlock, from: firstElement + start)
      }
      start = end
    }
  }

  private mutating func compareBlock(_ left: RawSpan, _ right: RawSpan, from firstElement: Int) {
    for index in 0..<(left.byteCount / a.width) {
      if a == b, Self.areSame(left, right, index, width: a.width) { continue }
      var distance: NumberDistance?
      // An element whose bits are not a number of its dtype has no distance.
      if let x = ElementNumber(a, atByte: index * a.width, in: left),
        let y = ElementNumber(b, atByte: index * b.width, in: right)
      {
        distance = NumberDistance(x, y)
      }
      if let tolerance, let distance, tolerance.admits(distance) { continue }
      note(distance)
      if first == nil { first = describe(left, right, index, firstElement + index) }
    }
  }

  private mutating func note(_ distance: NumberDistance?) {
    differing += 1
    guard let distance else { return }
    if let absolute = distance.absolute {
      largestAbsolute = max(largestAbsolute ?? 0, absolute)
    }
    if let relative = distance.relative {
      largestRelative = max(largestRelative ?? 0, relative)
    }
  }

  private func describe(
    _ left: RawSpan, _ right: RawSpan, _ index: Int, _ element: Int
  ) -> (index: Int, a: String, b: String) {
    var texts = (a.text(ofElement: index, in: left), b.text(ofElement: index, in: right))
    // Elements with the same text, such as NaNs with different payloads, are shown with their bits.
    if texts.0 == texts.1 {
      texts.0 += " (bits \(Self.bits(left, index, a.width)))"
      texts.1 += " (bits \(Self.bits(right, index, b.width)))"
    }
    return (element, texts.0, texts.1)
  }

  private static func bits(_ bytes: RawSpan, _ index: Int, _ width: Int) -> String {
    var text = ""
    for byte in ((index * width)..<((index + 1) * width)).reversed() {
      let value = bytes.unsafeLoad(fromByteOffset: byte, as: UInt8.self)
      text += (value < 16 ? "0" : "") + String(value, radix: 16)
    }
    return text
  }

  private static func areSame(_ left: RawSpan, _ right: RawSpan) -> Bool {
    left.byteCount == right.byteCount
      && left.withUnsafeBytes { x in
        right.withUnsafeBytes { y in
          guard let first = x.baseAddress, let second = y.baseAddress else { return true }
          return memcmp(first, second, x.count) == 0
        }
      }
  }

  private static func areSame(
    _ left: RawSpan, _ right: RawSpan, _ index: Int, width: Int
  ) -> Bool {
    func isSame<Bits: FixedWidthInteger & BitwiseCopyable>(_: Bits.Type, _ offset: Int) -> Bool {
      left.unsafeLoadUnaligned(fromByteOffset: offset, as: Bits.self)
        == right.unsafeLoadUnaligned(fromByteOffset: offset, as: Bits.self)
    }
    let offset = index * width
    switch width {
    case 1: return isSame(UInt8.self, offset)
    case 2: return isSame(UInt16.self, offset)
    case 4: return isSame(UInt32.self, offset)
    case 8: return isSame(UInt64.self, offset)
    default: return isSame(UInt64.self, offset) && isSame(UInt64.self, offset + 8)
    }
  }

  /// Returns the summary, or `nil` when no element differs.
  func difference(in shape: Shape) -> ElementDifference? {
    guard let first else { return nil }
    return ElementDifference(
      differing: differing, total: shape.elementCount,
      firstIndex: Self.index(of: first.index, in: shape), firstA: first.a, firstB: first.b,
      largestAbsolute: largestAbsolute, largestRelative: largestRelative,
      norms: sums.map(DifferenceNorms.init))
  }

  private static func index(of element: Int, in shape: Shape) -> [Int] {
    var rest = element
    var index = Array(repeating: 0, count: shape.rank)
    for dimension in shape.dimensions.indices.reversed() {
      index[dimension] = rest % shape.dimensions[dimension]
      rest /= shape.dimensions[dimension]
    }
    return index
  }
}
