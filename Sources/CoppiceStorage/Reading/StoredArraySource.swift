import CoppiceFormat
import CoppiceModel

/// A leaf of a stored tree: its bytes are read through the block index and verified.
struct StoredArraySource: PartwiseSource {
  let tree: StoredTree
  let ordinal: Int

  /// Makes the source of a leaf.
  init(_ tree: StoredTree, _ ordinal: Int) {
    self.tree = tree
    self.ordinal = ordinal
  }

  var dtype: DType { tree.leaves.kinds[tree.leaves.kind(of: ordinal)].dtype }
  var shape: Shape { tree.leaves.kinds[tree.leaves.kind(of: ordinal)].shape }

  private var parts: [StoredPart] { tree.parts(ordinal) }

  func read(_ range: ArrayIndexRange, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let parts = parts.filter { $0.box.intersection(range) != nil }
    try bytes.fillTogether(
      jobs: parts.count, isLarge: bytes.byteCount >= Self.parallelBytes
    ) { (job, bytes) throws(CoppiceError) in
      guard let shared = parts[job].box.intersection(range) else { return }
      try parts[job].read(shared, of: range, into: &bytes)
    }
  }

  /// Boxes of fewer bytes are read by one thread.
  private static let parallelBytes = 4 << 20

  var partCount: Int { parts.reduce(0) { $0 + $1.cellCount } }

  func read(
    parts range: Range<Int>, into whole: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
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
    let parts = parts
    if parts.count == 1, let part = parts.first {
      try part.forEachPiece(ofAtMost: limit, body)
      return
    }
    // Several boxes: bands of the whole, each read from the boxes that it touches.
    try forEachBand(ofAtMost: limit, body)
  }
}
