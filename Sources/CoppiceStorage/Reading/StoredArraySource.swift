import CoppiceFormat
import CoppiceModel

/// A leaf of a stored tree, read through the block index and verified.
struct StoredArraySource: ArraySource {
  let tree: StoredTree
  let ordinal: Int

  /// Makes the source of a leaf.
  init(_ tree: StoredTree, _ ordinal: Int) {
    self.tree = tree
    self.ordinal = ordinal
  }

  var dtype: DType { tree.leaves.kinds[tree.leaves.kind(of: ordinal)].dtype }
  var shape: Shape { tree.leaves.kinds[tree.leaves.kind(of: ordinal)].shape }

  var block: ArrayBlock? { tree.plainBlock(ordinal) }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try tree.places(of: ordinal, at: path)
  }

  /// The chunk of a compressed leaf; uncompressed ones are read from any element on.
  var decodingUnit: Shape {
    guard case .chunked(let layout) = tree.leaves.kinds[tree.leaves.kind(of: ordinal)].storage
    else {
      return shape.ofOneElement
    }
    return layout.shape
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try read(range, into: &bytes) { _ in }
  }

  /// Reads the blocks that share elements with a box, on all processors if the box is large.
  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let wanted = try tree.boxes(ordinal, sharing: range).compactMap { stored in
      stored.box.intersection(range).map { (stored, shared: $0, cells: stored.cells(sharing: $0)) }
    }
    try bytes.fill(parts: wanted.reduce(0) { $0 + $1.cells.count }) {
      [wanted] (parts, bytes) throws(CoppiceError) in
      var first = 0
      for (stored, shared, cells) in wanted where first < parts.upperBound {
        let mine = parts.clamped(to: first..<(first + cells.count))
        if !mine.isEmpty {
          let cells = cells[(mine.lowerBound - first)..<(mine.upperBound - first)]
          try stored.read(cells, shared, of: range, into: &bytes, tell: tell)
        }
        first += cells.count
      }
    }
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    if tree.leaves[ordinal].boxes.count == 1 {
      for box in try tree.boxes(ordinal, sharing: ArrayBox(whole: shape)) {
        try box.forEachPiece(ofAtMost: limit, body)
      }
      return
    }
    // Several boxes: read bands of the whole leaf, each from the boxes it intersects.
    try forEachBand(ofAtMost: limit, body)
  }
}
