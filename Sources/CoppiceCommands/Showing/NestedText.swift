import Coppice

/// The text of elements in nested brackets, or in lines with commas, which receives them in C order.
struct NestedText {
  private let dimensions: [Int]
  private let open: String
  private let close: String
  private let margin: String
  private var index: [Int]
  private var isBegun = false

  /// Makes the text of a JSON array.
  ///
  /// - Parameter margin: The beginning of each line after the first.
  static func json(_ shape: Shape, margin: String) -> NestedText {
    NestedText(shape.dimensions, "[", "]", margin)
  }

  /// Makes lines with commas: a line for each row, or for each element of a vector.
  static func csv(_ shape: Shape) -> NestedText {
    NestedText(shape.rank == 1 ? shape.dimensions + [1] : shape.dimensions, "", "", "")
  }

  private init(_ dimensions: [Int], _ open: String, _ close: String, _ margin: String) {
    (self.dimensions, self.open, self.close, self.margin) = (dimensions, open, close, margin)
    index = dimensions.map { _ in 0 }
  }

  /// Appends the next element to a text.
  mutating func append(_ element: String, to text: inout String) {
    if isBegun {
      let ended = index.reversed().prefix { $0 == 0 }.count
      if ended == 0 {
        text += open.isEmpty ? "," : ", "
      } else {
        text += repeated(close, ended) + (open.isEmpty ? "" : ",") + "\n" + margin
        text += open.isEmpty ? "" : repeated(" ", dimensions.count - ended)
        text += repeated(open, ended)
      }
    } else {
      text += repeated(open, dimensions.count)
      isBegun = true
    }
    text += element
    for dimension in index.indices.reversed() {
      index[dimension] += 1
      if index[dimension] < dimensions[dimension] { return }
      index[dimension] = 0
    }
  }

  /// Returns the end of the text, which is all of it for an array without elements.
  var end: String {
    guard !isBegun else { return repeated(close, dimensions.count) }
    return open.isEmpty ? "" : Self.empty(dimensions[...])
  }

  /// An array without elements, with its rows as far as these are few.
  private static func empty(_ dimensions: ArraySlice<Int>) -> String {
    guard let first = dimensions.first, first > 0, first <= 1000 else { return "[]" }
    let row = empty(dimensions.dropFirst())
    return "[" + Array(repeating: row, count: first).joined(separator: ", ") + "]"
  }

  private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }
}

extension ArraySource {
  /// Writes the elements as nested text, piece by piece.
  ///
  /// - Throws: The errors of reading and of `output`.
  func write(
    _ text: NestedText, _ word: (_ element: String, DType.Kind) -> String,
    to output: (String) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var nested = text
    let (dtype, kind) = (dtype, dtype.kind)
    try forEachPiece(ofAtMost: 256 << 10) { (piece) throws(CoppiceError) in
      var text = ""
      for index in 0..<(piece.byteCount / dtype.width) {
        nested.append(word(dtype.shortestText(ofElement: index, in: piece), kind), to: &text)
      }
      try output(text)
    }
    try output(nested.end)
  }
}
