extension TextArray {
  /// Returns the texts as NumPy prints them: `['a' 'bc']`, byte strings as `[b'a' b'bc']`.
  public func text(_ options: ArrayTextOptions = ArrayTextOptions()) -> String {
    guard shape.elementCount > 0 else { return "[]" }
    let isCut = options.threshold.map { shape.elementCount > $0 } ?? false
    let edge = isCut ? min(max(options.edgeItems, 1), 1 << 30) : nil
    var layout = ArrayTextLayout(shape.dimensions, edge: edge, lineWidth: options.lineWidth)
    var text = ""
    for index in 0..<shape.elementCount where edge.map({ isAtEnd(index, edge: $0) }) ?? true {
      layout.append(word(index), to: &text)
    }
    layout.finish(&text, isCut: false)
    return text
  }

  private func isAtEnd(_ index: Int, edge: Int) -> Bool {
    var rest = index
    for extent in shape.dimensions.reversed() {
      let place = rest % extent
      rest /= extent
      if extent > 2 * edge, place >= edge, place < extent - edge { return false }
    }
    return true
  }

  private func word(_ index: Int) -> String {
    switch elements {
    case .strings(let texts): Self.quoted(texts[index])
    case .bytes(let texts): "b" + Self.quoted(String(decoding: texts[index], as: UTF8.self))
    }
  }

  /// The text in quotes as Python writes it.
  private static func quoted(_ text: String) -> String {
    let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    let escaped = text.replacing("\\", with: "\\\\").replacing(quote, with: "\\" + quote)
    return quote + escaped.printable(keepingEndsOf: 2000) + quote
  }
}
