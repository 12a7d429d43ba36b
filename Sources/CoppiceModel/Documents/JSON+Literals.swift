// Small documents, such as metrics, are written as Swift literals: `["loss": 0.25, "tags": ["a"]]`.

// There is no literal `nil`: in the place of a `JSON?` it would sometimes mean a document that is null.

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// Makes a number.
  public init(integerLiteral value: Int) { self = .integer(value) }

  /// Makes a number with the shortest text that gives it back.
  public init(floatLiteral value: Double) { self = .float(value) }

  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }

  /// Makes an array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// Makes an object with its members in order.
  ///
  /// - Precondition: No two names are equal, as in dictionary literals of Swift.
  public init(dictionaryLiteral members: (String, JSON)...) {
    precondition(
      TreeKey.areDistinct(count: members.count) { .string(members[$0].0) },
      "an object's literal has two equal names")
    self = .object(members.map { Member($0.0, $0.1) })
  }

  /// A number with the shortest text that gives it back; `NaN` and `Infinity` as Python writes them.
  public static func float(_ value: Double) -> JSON {
    if value.isNaN { return .number("NaN") }
    if value.isInfinite { return .number(value < 0 ? "-Infinity" : "Infinity") }
    return .number(PythonFloat.text(value))
  }
}
