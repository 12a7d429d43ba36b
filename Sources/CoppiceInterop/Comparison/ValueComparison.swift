import CoppiceFiles
import CoppiceModel

/// Comparison of values in trees.
enum ValueComparison {
  static func areEqual(_ a: TreeValue, _ b: TreeValue, _ options: ComparisonOptions) -> Bool {
    if isSame(a, b) { return true }
    guard let x = number(a), let y = number(b), a.kindName == b.kindName || options.ignoresDTypes
    else { return false }
    // Compared by value only with a tolerance or different types: −0 and 0 are different floats.
    guard options.tolerance != nil || a.kindName != b.kindName else { return false }
    return (options.tolerance ?? Tolerance()).admits(NumberDistance(x, y))
  }

  /// Returns whether values are identical: Swift equates some texts with different bytes, the
  /// format doesn't.
  private static func isSame(_ a: TreeValue, _ b: TreeValue) -> Bool {
    switch (a, b) {
    case (.string(let x), .string(let y)): x.utf8.elementsEqual(y.utf8)
    case (.stringArray(let x), .stringArray(let y)):
      if case (.strings(let p), .strings(let q)) = (x.elements, y.elements) {
        x.shape == y.shape && p.elementsEqual(q) { $0.utf8.elementsEqual($1.utf8) }
      } else {
        x == y
      }
    default: a == b
    }
  }

  /// Returns the value as a number; an integer beyond 64 bits as the nearest float.
  private static func number(_ value: TreeValue) -> ElementNumber? {
    switch value {
    case .int(let number):
      if let small = Int128(number.text), small.magnitude <= UInt64.max { return .integer(small) }
      return Double(number.text).map { .real($0.bitPattern) }
    case .bool(let flag): return .integer(flag ? 1 : 0)
    case .float(let number): return .real(number.bitPattern)
    case .complex(let real, let imaginary):
      return .complex(real: real.bitPattern, imaginary: imaginary.bitPattern)
    default: return nil
    }
  }

  /// Returns texts of both values that differ.
  static func texts(_ a: TreeValue, _ b: TreeValue) -> (a: String, b: String) {
    let (x, y) = (text(a), text(b))
    guard x == y else { return (x, y) }
    return ("\(x) (A)", "another that begins alike (B)")
  }

  /// Returns the text of a value.
  static func text(_ value: TreeValue) -> String {
    switch value {
    case .int(let number): "\(value.kindName) \(cut(number.text))"
    case .float, .bool: "\(value.kindName) \(value)"
    case .complex(let real, let imaginary):
      "\(value.kindName) \(FloatText.text(of: real)),\(FloatText.text(of: imaginary))"
    case .string(let text): "\(value.kindName) \"\(cut(text.printable))\""
    case .bytes(let bytes):
      "\(value.kindName) (\(bytes.count)) \(cut(bytes.prefix(40).hexadecimal))"
    case .null: value.kindName
    case .stringArray(let array):
      if case .strings(let texts) = array.elements {
        "\(value) \(cut(texts.prefix(8).joined(separator: ", ").printable))"
      } else {
        "\(value)"
      }
    }
  }

  static func cut(_ text: String) -> String {
    text.count > 60 ? text.prefix(59) + "…" : text
  }
}
