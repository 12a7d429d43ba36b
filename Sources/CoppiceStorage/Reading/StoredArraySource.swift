import CoppiceFormat
import CoppiceModel

/// A leaf of a stored tree, read through the block index and verified.
struct StoredArraySource: BoxwiseSource {
  let tree: StoredTree
  let ordinal: Int

  /// Makes the source of a leaf.
  init(_ tree: StoredTree, _ ordinal: Int) {
    self.tree = tree
    self.ordinal = ordinal
  }

  var dtype: DType { tree.leaves.kinds[tree.leaves.kind(of: ordinal)].dtype }
  var shape: Shape { tree.leaves.kinds[tree.leaves.kind(of: ordinal)].shape }

  private var parts: [StoredBox] { tree.parts(ordinal) }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let isLarge = bytes.byteCount >= Self.parallelBytes
    var jobs: [(part: StoredBox, shared: ArrayBox, cells: ArraySlice<Int>)] = []
    for part in parts {
      guard let shared = part.box.intersection(range) else { continue }
      var cells = part.cells(sharing: shared)[...]
      let perJob = isLarge ? max(cells.count / (2 * ParallelWork.streamCount), 1) : cells.count
      while !cells.isEmpty {
        jobs.append((part, shared, cells.prefix(perJob)))
        cells = cells.dropFirst(perJob)
      }
    }
    try bytes.fillTogether(jobs: jobs.count, isLarge: isLarge) {
      [jobs] (job, bytes) throws(CoppiceError) in
      let (part, shared, cells) = jobs[job]
      try part.read(cells, shared, of: range, into: &bytes) { _ in }
    }
  }

  /// The size from which several threads read a box.
  private static let parallelBytes = 4 << 20

  var partCount: Int { parts.reduce(0) { $0 + $1.cellCount } }

  func read(
    parts range: Range<Int>, into whole: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let request = ArrayBox(whole: shape)
    var first = 0
    for part in parts where first < range.upperBound {
      let cells = (first..<(first + part.cellCount)).clamped(to: range)
      if !cells.isEmpty {
        let cells = Array((cells.lowerBound - first)..<(cells.upperBound - first))
        try part.read(cells[...], part.box, of: request, into: &whole, tell: tell)
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
    // Several boxes: read bands of the whole leaf, each from the boxes it intersects.
    try forEachBand(ofAtMost: limit, body)
  }
}
