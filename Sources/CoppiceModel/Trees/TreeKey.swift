/// A key of a dictionary node: text, or an integer that must not become text.
///
/// Keys are equal when their bytes are: two Unicode spellings of one character are two keys, unlike
/// Swift's own `String` comparison.
///
/// Spec: MOD-3.
public enum TreeKey: Sendable {
  case string(String)
  case integer(Int)
}

extension TreeKey: Hashable {
  /// Compares two keys by kind, then by bytes or number.
  public static func == (left: TreeKey, right: TreeKey) -> Bool {
    switch (left, right) {
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.integer(let a), .integer(let b)): a == b
    default: false
    }
  }

  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .string(let text):
      var text = text
      text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    case .integer(let number): hasher.combine(number)
    }
  }
}

extension TreeKey {
  /// Tells whether no two of `count` keys are equal.
  ///
  /// Texts whose bytes come in rising order, as most programs sort them, take one comparison each.
  package static func areDistinct(count: Int, _ key: (Int) -> TreeKey) -> Bool {
    var previous: String?
    for index in 0..<count {
      guard case .string(let text) = key(index), previous.map({ precedes($0, text) }) ?? true
      else { return Set((0..<count).lazy.map(key)).count == count }
      previous = text
    }
    return true
  }

  /// The order of two texts by their bytes.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    // Of ASCII the order of strings is that of bytes, and faster; of other texts it need not be one.
    left.utf8Span.isKnownASCII && right.utf8Span.isKnownASCII
      ? left < right : left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

extension TreeKey: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
  /// Makes a key of text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes a key of an integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
}
