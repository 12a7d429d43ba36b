import CoppiceFiles
import CoppiceFormat
import CoppiceModel

/// A leaf, or one of its shards, in its stored form: unencoded pieces, or a grid of encoded chunks.
struct StoredBox: ArraySource {
  /// The encoding of the bytes.
  enum Coding: Sendable {
    case plain(Pieces)
    case chunks(ChunkGrid, isShuffled: Bool)
  }

  /// The position of the stored box in the leaf.
  let box: ArrayBox
  let coding: Coding
  let dtype: DType
  let blocks: StoredBlocks
  /// The block index row of the first block.
  let firstRow: Int
  let checksPadding: Bool

  var shape: Shape { box.shape }

  /// The number of blocks, which can be read independently: pieces or chunks.
  var cellCount: Int {
    switch coding {
    case .plain(let pieces): pieces.count
    case .chunks(let grid, _): grid.cellCount
    }
  }

  /// Returns the blocks that may hold elements of a box of the leaf, which lies in this stored box.
  func cells(sharing shared: ArrayBox) -> [Int] {
    let inPart = shared.relative(to: box.offset)
    switch coding {
    case .plain(let pieces):
      let place = BoxRuns(of: inPart, in: box.shape, width: dtype.width).wholeRange
      return Array(pieces.indices(sharing: place))
    case .chunks(let grid, _): return Array(grid.cells(sharing: inPart))
    }
  }

  /// Reads a box, given relative to this stored box.
  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let place = range.moved(by: box.offset)
    try read(cells(sharing: place)[...], place, of: place, into: &bytes) { _ in }
  }

  /// Reads the elements that some blocks share with a box into the caller's memory.
  ///
  /// - Parameters:
  ///   - cells: The indices of the blocks, ascending, and without gaps where the blocks are
  ///     unencoded.
  ///   - shared: A box of the leaf that lies in this stored box and in the request.
  ///   - tell: Called with the number of wanted bytes since the last call.
  func read(
    _ cells: ArraySlice<Int>, _ shared: ArrayBox, of request: ArrayBox,
    into bytes: inout MutableRawSpan, tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard let first = cells.first, let last = cells.last else { return }
    switch coding {
    case .plain(let pieces):
      var reader = PieceReader(self, pieces, shared, of: request, from: first)
      for piece in first...last { try reader.read(piece, into: &bytes, tell: tell) }
    case .chunks(let grid, let isShuffled):
      try readChunks(cells, grid, isShuffled, shared, of: request, into: &bytes, tell: tell)
    }
  }

  /// Reads the stored box in C order, each block once where the working memory allows.
  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    switch coding {
    case .plain(let pieces):
      var digests = PieceDigests(pieces)
      let first = blocks[firstRow]
      let file = try first.files.file(first.file)
      guard let bytes = ByteSlice(of: file, at: first.offset, count: pieces.byteCount) else {
        throw CoppiceError(.arraysBlockOutside, "a block reaches out of its file")
      }
      try bytes.forEachPiece(ofAtMost: limit / dtype.width * dtype.width) {
        (bytes) throws(CoppiceError) in
        if blocks.verifies {
          try digests.update(bytes) { (piece, digest) throws(CoppiceError) in
            try blocks[firstRow + piece].check(digest)
          }
        }
        try body(bytes)
      }
    case .chunks(let grid, let isShuffled):
      try forEachPiece(of: grid, isShuffled, ofAtMost: limit, body)
    }
  }
}
