import CoppiceFormat
import CoppiceModel

/// A leaf of a stored tree: its bytes are read through the block index and verified.
final class StoredArraySource: PartwiseSource {
  let dtype: DType
  let shape: Shape
  private let parts: [StoredPart]

  /// Makes the source of a leaf.
  ///
  /// - Parameter blocks: The leaf's blocks in index order.
  init(
    _ leaf: LeafRecord, blocks: [StoredBlock], verifies: Bool, checksPadding: Bool = false
  ) {
    dtype = leaf.dtype
    shape = leaf.shape
    var parts: [StoredPart] = []
    var row = 0
    for box in leaf.boxes where leaf.storage != .none {
      var count = 1
      var coding: StoredPart.Coding = .plain
      if case .chunked(let layout) = leaf.storage,
        let grid = ChunkGrid(shape: box.shape, chunk: layout.shape)
      {
        count = grid.cellCount
        coding = .chunks(grid, isShuffled: layout.isShuffled)
      }
      parts.append(
        StoredPart(
          box: box, coding: coding, dtype: leaf.dtype, blocks: Array(blocks[row..<(row + count)]),
          verifies: verifies, checksPadding: checksPadding))
      row += count
    }
    self.parts = parts
  }

  func read(_ range: ArrayIndexRange, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    for part in parts {
      guard let shared = part.box.intersection(range) else { continue }
      try part.read(shared, of: range, into: &bytes)
    }
  }

  var partCount: Int { parts.reduce(0) { $0 + $1.cellCount } }

  func read(
    parts range: Range<Int>, into whole: inout MutableRawSpan,
    tell: (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let request = ArrayIndexRange(whole: shape)
    var first = 0
    for part in parts where first < range.upperBound {
      let cells = (first..<(first + part.cellCount)).clamped(to: range)
      if !cells.isEmpty {
        try part.read(
          cells: (cells.lowerBound - first)..<(cells.upperBound - first), of: request, into: &whole,
          tell: tell)
      }
      first += part.cellCount
    }
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    if parts.count == 1, let part = parts.first {
      try part.forEachPiece(ofAtMost: limit, body)
      return
    }
    // Several boxes: bands of the whole, each read from the boxes that it touches.
    try forEachBand(ofAtMost: limit, body)
  }
}
