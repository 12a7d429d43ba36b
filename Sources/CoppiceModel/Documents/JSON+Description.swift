extension JSON: CustomStringConvertible {
  /// The value as JSON text in one line, cut after a thousand bytes.
  ///
  /// For people: documents are written by `Checkpoint.save` and the like.
  public var description: String {
    var text = ""
    append(to: &text, limit: 1000)
    guard text.utf8.count > 1000 else { return text }
    // A single append may be long.
    return String(text.prefix(1000)) + "…"
  }

  /// The value as JSON text in one line, whole.
  ///
  /// Characters that would act on a terminal are escaped.
  public var text: String {
    var text = ""
    append(to: &text, limit: .max - 1)
    return text
  }

  private func append(to text: inout String, limit: Int) {
    guard text.utf8.count <= limit else { return }
    switch self {
    case .null: text += "null"
    case .bool(let isTrue): text += isTrue ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): Self.append(string, to: &text, limit: limit)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        guard text.utf8.count <= limit else { return }
        if index > 0 { text += ", " }
        element.append(to: &text, limit: limit)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        guard text.utf8.count <= limit else { return }
        if index > 0 { text += ", " }
        Self.append(member.name, to: &text, limit: limit)
        text += ": "
        member.value.append(to: &text, limit: limit)
      }
      text += "}"
    }
  }

  private static func append(_ string: String, to text: inout String, limit: Int) {
    text += "\""
    for scalar in string.unicodeScalars.prefix(limit + 1) {
      switch scalar {
      case "\"", "\\":
        text += "\\"
        text.unicodeScalars.append(scalar)
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.isUnprintable:
        for unit in UTF16.encode(scalar) ?? .init() {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
