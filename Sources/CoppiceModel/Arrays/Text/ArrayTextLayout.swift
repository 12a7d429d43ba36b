/// The layout of an array's words in rows and lines, which receives the words in C order.
///
/// The rows are those of NumPy's `array2string`. Only the line that isn't complete is kept.
struct ArrayTextLayout {
  /// The extents of what is shown.
  private let shown: [Int]
  /// The index before which an ellipsis stands, along each dimension.
  private let ellipsis: [Int?]
  private let lineWidth: Int
  private var index: [Int]
  private var line = ""
  private var isBegun = false

  private var rank: Int { shown.count }
  private var indent: String { String(repeating: " ", count: rank) }

  /// Makes the layout of an array.
  ///
  /// - Parameters:
  ///   - dimensions: The extents of the array.
  ///   - edge: The number of elements shown at each end of a long dimension; `nil` shows all.
  init(_ dimensions: [Int], edge: Int?, lineWidth: Int) {
    ellipsis = dimensions.map { extent in edge.flatMap { extent > 2 * $0 ? $0 : nil } }
    shown = zip(dimensions, ellipsis).map { extent, edge in edge.map { 2 * $0 } ?? extent }
    self.lineWidth = lineWidth
    index = shown.map { _ in 0 }
  }

  /// Lays out the next word, and appends what is complete to a text.
  mutating func append(_ word: String, to text: inout String) {
    guard rank > 0 else {
      line = word
      return
    }
    if isBegun {
      separate(&text)
    } else {
      isBegun = true
      line = String(repeating: "[", count: rank)
    }
    extend(with: word, &text)
    advance()
  }

  /// Ends the text; words that are still missing are left out with an ellipsis.
  mutating func finish(_ text: inout String, isCut: Bool) {
    if isCut { line += " ..." }
    text += line + String(repeating: "]", count: rank)
    line = ""
  }

  private mutating func advance() {
    for dimension in index.indices.reversed() {
      index[dimension] += 1
      if index[dimension] < shown[dimension] { return }
      index[dimension] = 0
    }
  }

  /// Ends the last word before the one at `index`.
  private mutating func separate(_ text: inout String) {
    // The rows that have ended are those whose index began anew.
    let ended = index.reversed().prefix { $0 == 0 }.count
    let dimension = rank - 1 - ended
    let isLeftOut = ellipsis[dimension] == index[dimension]
    guard ended > 0 else {
      line += " "
      if isLeftOut {
        extend(with: "...", &text)
        line += " "
      }
      return
    }
    let breaks = String(repeating: "\n", count: ended)
    let inner = String(repeating: " ", count: dimension + 1)
    text += line + String(repeating: "]", count: ended) + breaks
    if isLeftOut { text += inner + "..." + breaks }
    line = inner + String(repeating: "[", count: ended)
  }

  /// Adds a word to the line, or to the next one where it would be too long.
  private mutating func extend(with word: String, _ text: inout String) {
    let length = line.utf8.count
    if length + word.utf8.count > lineWidth - rank, length > rank {
      while line.last == " " { line.removeLast() }
      text += line + "\n"
      line = indent
    }
    line += word
  }
}
