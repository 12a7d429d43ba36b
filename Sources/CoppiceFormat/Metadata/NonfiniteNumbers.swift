package import CoppiceModel

/// Numbers that JSON can't represent, replaced by null in the root document and restored on
/// reading.
///
/// Python writes `NaN` into metrics. The root document has null instead, and lists the pointer and
/// the number in `nonfinite`.
///
/// Spec: MET-25.
package enum NonfiniteNumbers {
  static let spellings = ["NaN", "Infinity", "-Infinity"]

  /// Replaces non-finite numbers by null and collects each with its pointer.
  package static func takeOut(
    of json: JSON, at pointer: String, into found: inout [(pointer: String, text: String)]
  ) -> JSON {
    switch json {
    case .number(let text) where spellings.contains(text):
      found.append((pointer, text))
      return .null
    case .array(let elements):
      var replaced: [JSON] = []
      for (index, element) in elements.enumerated() {
        replaced.append(takeOut(of: element, at: "\(pointer)/\(index)", into: &found))
      }
      return .array(replaced)
    case .object(let members):
      var replaced: [JSON.Member] = []
      for member in members {
        let place = pointer + "/" + member.name.jsonPointerToken
        replaced.append(.init(member.name, takeOut(of: member.value, at: place, into: &found)))
      }
      return .object(replaced)
    default: return json
    }
  }

  /// Returns whether a document has non-finite numbers.
  package static func occur(in json: JSON) -> Bool {
    switch json {
    case .number(let text): spellings.contains(text)
    case .array(let elements): elements.contains(where: occur)
    case .object(let members): members.contains { occur(in: $0.value) }
    default: false
    }
  }

  /// Returns the member `nonfinite` for the collected numbers, or `nil` when there are none.
  package static func table(_ found: [(pointer: String, text: String)]) -> JSON? {
    guard !found.isEmpty else { return nil }
    return .object(found.map { .init($0.pointer, .string($0.text)) })
  }
}
