/// A table of text cells in aligned columns.
struct TextTable {
  private var rows: [[String]] = []
  /// The right-aligned columns.
  private let rightAligned: Set<Int>

  init(rightAligned: Set<Int> = []) { self.rightAligned = rightAligned }

  /// The rows whose last cell is a sentence, which doesn't widen its column.
  private var sentences: Set<Int> = []

  mutating func append(_ row: [String]) { rows.append(row) }

  /// Appends a row that ends in a sentence.
  mutating func append(_ row: [String], sentence: String) {
    sentences.insert(rows.count)
    rows.append(row + [sentence])
  }

  /// The lines, without trailing spaces.
  var lines: [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.enumerated().map { index, row in
        column < row.count - (sentences.contains(index) ? 1 : 0) ? row[column].count : 0
      }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: max(widths[column] - cell.count, 0))
        line += (column > 0 ? "  " : "")
        line += rightAligned.contains(column) ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
