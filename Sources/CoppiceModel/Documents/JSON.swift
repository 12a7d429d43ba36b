/// A JSON value that keeps the text of its numbers and the order of its members.
///
/// Spec: MET-3.
public indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  /// The number's own text; `NaN`, `Infinity` and `-Infinity` occur in documents that Python wrote.
  case number(String)
  case string(String)
  case array([JSON])
  /// Members in document order; no two names have the same bytes.
  case object([Member])

  /// A name with its value.
  public struct Member: Sendable {
    /// The name, unescaped.
    public var name: String
    /// The value.
    public var value: JSON

    /// Makes a member.
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// The value of a member, or `nil` when this is no object or has none of that name.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// A number from an integer.
  public static func integer(_ number: some BinaryInteger) -> JSON { .number(String(number)) }
}

extension JSON: Equatable {
  /// Equal text for numbers, equal bytes for strings, members in any order.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.count == b.count && a.allSatisfy { member in right[member.name] == member.value }
    default: false
    }
  }
}
