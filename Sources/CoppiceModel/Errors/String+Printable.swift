extension String {
  /// The text for messages: control characters escaped, and cut off after 200 characters.
  package var printable: String {
    var text = ""
    for scalar in unicodeScalars.prefix(200) { text.append(printing: scalar) }
    return unicodeScalars.dropFirst(200).isEmpty ? text : text + "…"
  }

  /// The text for terminals: control characters escaped, except line feeds.
  package var printableLines: String {
    // Most text is plain; this check spares copying large dumps.
    guard utf8.contains(where: { ($0 < 0x20 && $0 != 0x0A) || $0 >= 0x7F }) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar == "\n" {
        text.unicodeScalars.append(scalar)
      } else {
        text.append(printing: scalar)
      }
    }
    return text
  }

  /// Returns the text with control characters escaped, and without its middle if it is too long.
  ///
  /// Both ends of a path matter: where it begins and where it leads.
  package func printable(keepingEndsOf limit: Int) -> String {
    let count = unicodeScalars.count
    let half = count > limit ? limit / 2 : count
    var text = ""
    for scalar in unicodeScalars.prefix(half) { text.append(printing: scalar) }
    guard count > limit else { return text }
    text += "…"
    for scalar in unicodeScalars.suffix(half) { text.append(printing: scalar) }
    return text
  }

  /// Makes text from bytes that should be UTF-8, with invalid bytes as `\xHH`.
  package init(printing bytes: some Collection<UInt8>) {
    self = ""
    var rest = bytes.prefix(800)[...]
    while !rest.isEmpty {
      let longest = min(4, rest.count)
      let valid = (1...longest).lazy.compactMap {
        String(validating: rest.prefix($0), as: UTF8.self)
      }
      if let scalar = valid.first(where: { !$0.isEmpty }) {
        self += scalar.printable
        rest = rest.dropFirst(scalar.utf8.count)
      } else if let byte = rest.popFirst() {
        self += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    if bytes.count > 800 { self += "…" }
  }

  private mutating func append(printing scalar: Unicode.Scalar) {
    if scalar.isUnprintable {
      self += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      unicodeScalars.append(scalar)
    }
  }
}

extension Unicode.Scalar {
  /// Whether the character is invisible or would act on a terminal.
  package var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
    default: false
    }
  }
}
