import CoppiceJSON
import CoppiceModel

/// JSON text for people and programs, with members in their own order and one value per line.
enum JSONText {
  /// Returns the text of a value, indented and ending in a newline.
  static func encode(_ json: JSON) throws(CoppiceError) -> String {
    var text = ""
    try append(json, to: &text, indent: 0)
    return text + "\n"
  }

  private static func append(
    _ json: JSON, to text: inout String, indent: Int
  ) throws(CoppiceError) {
    switch json {
    case .array(let elements) where !elements.isEmpty:
      // Arrays of plain values, such as shapes, stay on one line.
      let isFlat = elements.allSatisfy { !$0.isContainer }
      text += "["
      for (index, element) in elements.enumerated() {
        text += index > 0 ? (isFlat ? ", " : ",") : ""
        if !isFlat { newLine(&text, indent + 1) }
        try append(element, to: &text, indent: indent + 1)
      }
      if !isFlat { newLine(&text, indent) }
      text += "]"
    case .object(let members) where !members.isEmpty:
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        newLine(&text, indent + 1)
        try append(.string(member.name), to: &text, indent: 0)
        text += ": "
        try append(member.value, to: &text, indent: indent + 1)
      }
      newLine(&text, indent)
      text += "}"
    default:
      // Scalars and empty containers have their canonical spelling.
      let bytes = try CanonicalJSON.encode(json, dialect: .python)
      text.append(escaping: String(decoding: bytes.dropLast(), as: UTF8.self))
    }
  }

  private static func newLine(_ text: inout String, _ indent: Int) {
    text += "\n" + String(repeating: " ", count: indent)
  }
}

extension String {
  /// Appends JSON text, with `\\uXXXX` for characters that would act on a terminal.
  ///
  /// Canonical text escapes only characters below U+0020. All others occur in strings only, where
  /// the escape means the same.
  fileprivate mutating func append(escaping text: String) {
    guard text.utf8.contains(where: { $0 >= 0x7F }) else {
      self += text
      return
    }
    for scalar in text.unicodeScalars {
      guard scalar.isUnprintable else {
        unicodeScalars.append(scalar)
        continue
      }
      for unit in UTF16.encode(scalar) ?? .init() {
        let digits = String(unit, radix: 16)
        self += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
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
