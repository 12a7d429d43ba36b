extension String {
  /// The text for messages: control characters escaped, and cut off after 200 characters.
  ///
  /// Names in a checkpoint may hold characters that act on a terminal.
  public var printable: String {
    var text = ""
    for scalar in unicodeScalars.prefix(200) { text.append(printing: scalar) }
    return unicodeScalars.dropFirst(200).isEmpty ? text : text + "…"
  }

  /// Returns the text with control characters escaped, and without its middle if it is too long.
  ///
  /// Both ends of a path matter: where it begins and where it leads.
  public func printable(keepingEndsOf limit: Int) -> String {
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
