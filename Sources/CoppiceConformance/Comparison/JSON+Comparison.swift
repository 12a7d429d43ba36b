import CoppiceModel

extension JSON {
  /// Returns whether two values are equal; numbers are compared as text, or also by value.
  func isSame(as other: JSON, numerically: Bool) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)):
      left == right || (numerically && Double(left).map { $0 == Double(right) } ?? false)
    case (.array(let left), .array(let right)):
      left.count == right.count
        && zip(left, right).allSatisfy { $0.isSame(as: $1, numerically: numerically) }
    case (.object(let left), .object(let right)):
      left.count == right.count
        && left.allSatisfy { member in
          other[member.name]?.isSame(as: member.value, numerically: numerically) ?? false
        }
    default: self == other
    }
  }
}
