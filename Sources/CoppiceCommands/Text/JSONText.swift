import Coppice

/// JSON text for people and programs, with members in their own order and one value per line.
enum JSONText {
  /// Returns the text of a value, indented and ending in a newline.
  static func encode(_ json: JSON) -> String {
    var text = ""
    append(json, to: &text, indent: 0)
    return text + "\n"
  }

  private static func append(
    _ json: JSON, to text: inout String, indent: Int
  ) {
    switch json {
    case .array(let elements) where !elements.isEmpty:
      // Arrays of plain values, such as shapes, stay on one line.
      let isFlat = elements.allSatisfy { !$0.isContainer }
      text += "["
      for (index, element) in elements.enumerated() {
        text += index > 0 ? (isFlat ? ", " : ",") : ""
        if !isFlat { newLine(&text, indent + 1) }
        append(element, to: &text, indent: indent + 1)
      }
      if !isFlat { newLine(&text, indent) }
      text += "]"
    case .object(let members) where !members.isEmpty:
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        newLine(&text, indent + 1)
        append(.string(member.name), to: &text, indent: 0)
        text += ": "
        append(member.value, to: &text, indent: indent + 1)
      }
      newLine(&text, indent)
      text += "}"
    default:
      text += json.text
    }
  }

  private static func newLine(_ text: inout String, _ indent: Int) {
    text += "\n" + String(repeating: " ", count: indent)
  }
}

extension JSON {
  /// A number; as a text where it is infinite or NaN, since JSON has no such numbers.
  static func finite(_ number: Double) -> JSON {
    number.isFinite ? .float(number) : .string(FloatText.text(of: .init(number)))
  }

  /// The value with texts in the place of numbers that JSON doesn't have, which Python writes.
  var withoutNonfinite: JSON {
    switch self {
    case .number(let text) where !(text.last?.isNumber ?? false): .finite(Double(text) ?? .nan)
    case .array(let elements): .array(elements.map(\.withoutNonfinite))
    case .object(let members):
      .object(members.map { .init($0.name, $0.value.withoutNonfinite) })
    default: self
    }
  }

  fileprivate var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}
