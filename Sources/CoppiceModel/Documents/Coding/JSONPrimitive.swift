/// A type of the standard library whose values are single JSON values.
protocol JSONPrimitive {
  /// The JSON of the value.
  var json: JSON { get }

  /// Makes a value of JSON; `nil` for JSON of another kind, or out of the type's range.
  init?(json: JSON)
}

extension Bool: JSONPrimitive {
  var json: JSON { .bool(self) }

  init?(json: JSON) {
    guard let isTrue = json.bool else { return nil }
    self = isTrue
  }
}

extension String: JSONPrimitive {
  var json: JSON { .string(self) }

  init?(json: JSON) {
    guard let text = json.string else { return nil }
    self = text
  }
}

extension JSONPrimitive where Self: FixedWidthInteger {
  var json: JSON { .integer(self) }

  init?(json: JSON) {
    guard let number = json.integer(Self.self) else { return nil }
    self = number
  }
}

extension Int: JSONPrimitive {}
extension Int8: JSONPrimitive {}
extension Int16: JSONPrimitive {}
extension Int32: JSONPrimitive {}
extension Int64: JSONPrimitive {}
extension Int128: JSONPrimitive {}
extension UInt: JSONPrimitive {}
extension UInt8: JSONPrimitive {}
extension UInt16: JSONPrimitive {}
extension UInt32: JSONPrimitive {}
extension UInt64: JSONPrimitive {}
extension UInt128: JSONPrimitive {}

extension Double: JSONPrimitive {
  var json: JSON { .float(self) }

  init?(json: JSON) {
    guard let number = json.double, number.isFinite == json.isFiniteNumber else { return nil }
    self = number
  }
}

extension Float: JSONPrimitive {
  var json: JSON {
    guard isFinite else { return .float(Double(self)) }
    return .number(PythonFloat.text(Double(self), digitsOf: magnitude.description))
  }

  // Of the text itself: by way of a `Double` it might be rounded twice.
  init?(json: JSON) {
    guard let wide = json.double, case .number(let text) = json else { return nil }
    let number = wide.isFinite ? Float(text) : Float(wide)
    guard let number, number.isFinite == json.isFiniteNumber else { return nil }
    self = number
  }
}

extension JSON {
  /// Whether the text is that of a finite number, which a type may be too narrow for.
  fileprivate var isFiniteNumber: Bool {
    guard case .number(let text) = self else { return false }
    return !["NaN", "Infinity", "-Infinity"].contains(text)
  }
}
