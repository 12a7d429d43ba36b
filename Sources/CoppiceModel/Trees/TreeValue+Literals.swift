extension TreeValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringInterpolation
{
  /// Makes an integer.
  public init(integerLiteral value: Int128) { self = .int(IntegerText(value)) }

  /// Makes a 64-bit floating-point number.
  public init(floatLiteral value: Double) { self = .float(Float64Bits(value)) }

  /// Makes `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// Makes a text.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension IntegerText: ExpressibleByIntegerLiteral {
  /// Makes an integer of a literal of up to 128 bits; larger ones are made of their text.
  public init(integerLiteral value: Int128) { text = String(value) }
}

extension Float64Bits: ExpressibleByFloatLiteral {
  /// Makes a number.
  public init(floatLiteral value: Double) { bitPattern = value.bitPattern }
}
