import Coppice
import CoppiceInterop

/// A difference as JSON.
enum DifferenceDescription {
  static func json(_ difference: Difference) -> JSON {
    let difference = difference.inToolWords
    var members: [JSON.Member] = [
      .init("kind", .string(difference.kind.rawValue)),
      .init("checkpointable", .string(difference.checkpointable)),
    ]
    if let path = difference.path { members.append(.init("path", .string(path))) }
    if let pointer = difference.pointer { members.append(.init("pointer", .string(pointer))) }
    if let a = difference.a { members.append(.init("a", .string(a))) }
    if let b = difference.b { members.append(.init("b", .string(b))) }
    if let elements = difference.elements {
      members.append(.init("differing", .integer(elements.differing)))
      members.append(.init("of", .integer(elements.total)))
      members.append(.init("firstIndex", .array(elements.firstIndex.map { .integer($0) })))
      if let largest = elements.largestAbsolute {
        members.append(.init("largestAbsolute", .finite(largest)))
      }
      if let largest = elements.largestRelative {
        members.append(.init("largestRelative", .finite(largest)))
      }
    }
    if let norms = difference.elements?.norms { members.append(.init("norms", json(norms))) }
    members.append(.init("message", .string(difference.message)))
    return .object(members)
  }

  /// Describes norms; one that is beyond all numbers, or has no meaning, is null.
  static func json(_ norms: DifferenceNorms) -> JSON {
    .object([
      .init("difference", number(norms.norm)), .init("a", number(norms.reference)),
      .init("relative", norms.relative.map(number) ?? .null),
      .init("largest", number(norms.largest)),
    ])
  }

  /// A number of a norm, with three digits.
  static func text(_ number: Double) -> String { GeneralNumber.text(number, digits: 3) }

  private static func number(_ value: Double) -> JSON {
    value.isFinite ? .number(FloatText.text(of: .init(value))) : .null
  }
}

extension Difference {
  /// The difference with the tool's words in the faults that it names; contents stay as they are.
  var inToolWords: Difference { reworded(ToolWords.tell) }
}
