extension String {
  /// The text with control characters escaped and cut at 200 characters, for messages.
  package var printable: String {
    var text = ""
    for scalar in unicodeScalars.prefix(200) { text.append(printing: scalar) }
    return unicodeScalars.dropFirst(200).isEmpty ? text : text + "…"
  }

  /// The text with control characters escaped, except ends of lines: what may go to a terminal.
  package var printableLines: String {
    // Nearly all text is plain, and large dumps are looked through once.
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

  /// The text with control characters escaped, and without its middle where it is longer than a limit.
  ///
  /// Both ends of a place are worth reading: where it begins, and what it comes to.
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

  /// The bytes of what should be text: as they are where they are UTF-8, else the wrong ones as `\xHH`.
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
  /// Whether the character does something to a terminal, or can't be seen.
  package var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
    default: false
    }
  }
}
