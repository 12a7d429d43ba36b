/// The new path of a renaming by pattern: text in which `{1}` stands for what the first wildcard matched.
///
/// The capture of `**` stands alone between slashes, and may become no component at all.
struct PathTemplate: Hashable, Sendable {
  /// The text as it was given.
  let text: String

  private enum Piece: Sendable {
    case text(String)
    case capture(Int)
    /// The text of a key, whatever characters it has.
    case name(String)
  }

  private let components: [[Piece]]

  /// Makes the template of one path, in which nothing stands for anything else.
  init(_ path: NodePath) {
    text = path.description
    components = path.components.map { [.name($0)] }
  }

  /// Parses a new path.
  ///
  /// - Parameter wildcards: For each wildcard of the pattern, whether it is `**`.
  /// - Throws: `usage.glob`.
  init(_ text: String, wildcards: [Bool]) throws(CoppiceError) {
    self.text = text
    var components: [[Piece]] = []
    for part in text.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false) {
      let pieces = try Self.pieces(Array(part), of: text)
      for case .capture(let number) in pieces {
        guard (1...wildcards.count).contains(number) else {
          throw Self.malformed(
            text,
            wildcards.isEmpty
              ? "the pattern has no wildcard for {\(number)}"
              : "{\(number)} is no wildcard of the pattern, which has \(wildcards.count)")
        }
        guard !wildcards[number - 1] || pieces.count == 1 else {
          throw Self.malformed(
            text, "{\(number)} stands for the components of **, alone between slashes")
        }
      }
      guard !pieces.isEmpty else {
        throw Self.malformed(text, "it has an empty component; the empty key is %empty")
      }
      components.append(pieces)
    }
    self.components = components
  }

  /// Returns the new path of a node; `nil` where a component would be empty or isn't the text of a key.
  func path(_ captures: [PathGlob.Capture]) -> [TreeKey]? {
    var keys: [TreeKey] = []
    for pieces in components {
      if case .capture(let number)? = pieces.first,
        case .components(let names) = captures[number - 1]
      {
        for name in names {
          guard let key = TreeKey(escaped: name) else { return nil }
          keys.append(key)
        }
        continue
      }
      if case .name(let name)? = pieces.first {
        guard let key = TreeKey(escaped: name) else { return nil }
        keys.append(key)
        continue
      }
      var name = ""
      for piece in pieces {
        switch piece {
        case .text(let text), .name(let text): name += text
        case .capture(let number):
          if case .text(let text) = captures[number - 1] { name += text }
        }
      }
      guard let key = Self.key(name) else { return nil }
      keys.append(key)
    }
    return keys.isEmpty ? nil : keys
  }

  /// Returns the key of a name that may need other escapes than the names that it was made of.
  private static func key(_ name: String) -> TreeKey? {
    if let key = TreeKey(escaped: name) { return key }
    guard !name.isEmpty, !name.hasPrefix("%#") else { return nil }
    return PercentEscapes.decode(name).map { .string($0) }
  }

  private static func pieces(
    _ scalars: [Unicode.Scalar], of template: String
  ) throws(CoppiceError) -> [Piece] {
    var pieces: [Piece] = []
    var text = String.UnicodeScalarView()
    var rest = scalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\\":
        guard let next = rest.popFirst() else {
          throw malformed(template, "nothing follows the last \\")
        }
        text.append(next)
      case "{":
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        var number = String.UnicodeScalarView()
        number.append(contentsOf: digits)
        guard let number = Int(String(number)), rest.popFirst() == "}" else {
          throw malformed(
            template,
            "{ begins the number of a wildcard, as in {1}; write \\{ for the character")
        }
        if !text.isEmpty { pieces.append(.text(String(text))) }
        text.removeAll()
        pieces.append(.capture(number))
      default: text.append(scalar)
      }
    }
    if !text.isEmpty { pieces.append(.text(String(text))) }
    return pieces
  }

  private static func malformed(_ template: String, _ reason: String) -> CoppiceError {
    CoppiceError(
      .usageGlob, "the new path \(template.debugDescription) is malformed: \(reason)")
  }
}

extension PathTemplate {
  /// Compares the texts byte for byte.
  static func == (left: Self, right: Self) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) { TreeKey.string(text).hash(into: &hasher) }
}
