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
  fileprivate var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}
