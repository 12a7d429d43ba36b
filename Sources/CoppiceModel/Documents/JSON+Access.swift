extension JSON {
  /// The value of a number; `nil` when this is no number.
  ///
  /// Of the numbers that the text lies between, the nearest.
  public var double: Double? {
    guard case .number(let text) = self else { return nil }
    switch text {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: return Double(text)
    }
  }

  /// The value of a number; `nil` when this is no number, has a fraction other than zero, is written
  /// with an exponent, or is out of the range of the type.
  public var int: Int? { integer(Int.self) }

  /// The value of a number, in any type of integers.
  func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    guard case .number(let text) = self else { return nil }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 1 || parts[1].allSatisfy({ $0 == "0" }) else { return nil }
    return Number(parts[0])
  }

  /// The text of a string; `nil` when this is no string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of `true` or `false`; `nil` when this is neither.
  public var bool: Bool? {
    if case .bool(let isTrue) = self { isTrue } else { nil }
  }

  /// The elements of an array; `nil` when this is no array.
  public var array: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object; `nil` when this is no object.
  public var object: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// Whether this is `null`.
  public var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// The element at an index, or `nil` when this is no array or has none there.
  public subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}
