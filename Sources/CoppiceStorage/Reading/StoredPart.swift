import Compression
import CoppiceFormat
import CoppiceModel
import FileAccess
import Synchronization

/// A leaf, or one of its shards, as it is stored: one plain block, or a grid of coded chunks.
final class StoredPart: ArraySource {
  /// How the bytes are stored.
  enum Coding: Sendable {
    case plain
    case chunks(ChunkGrid, isShuffled: Bool)
  }

  /// Where the part lies in the leaf.
  let box: ArrayIndexRange
  private let coding: Coding
  let dtype: DType
  private let blocks: [StoredBlock]
  private let verifies: Bool
  private let checksPadding: Bool
  /// A plain block that is read in parts is verified once, as a whole.
  private let isVerified = Atomic<Bool>(false)

  init(
    box: ArrayIndexRange, coding: Coding, dtype: DType, blocks: [StoredBlock], verifies: Bool,
    checksPadding: Bool
  ) {
    self.box = box
    self.coding = coding
    self.dtype = dtype
    self.blocks = blocks
    self.verifies = verifies
    self.checksPadding = checksPadding
  }

  var shape: Shape { box.shape }

  /// Reads a box of the part itself.
  func read(_ range: ArrayIndexRange, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard let place = moved(range, by: box.offset) else { return }
    try read(place, of: place, into: &bytes)
  }

  /// Reads what a request shares with this part into the request's place for it.
  func read(
    _ shared: ArrayIndexRange, of request: ArrayIndexRange, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    switch coding {
    case .plain: try readPlain(shared, of: request, into: &bytes)
    case .chunks(let grid, let isShuffled):
      var decoder = ChunkDecoder(grid: grid, isShuffled: isShuffled, dtype: dtype)
      for cell in 0..<grid.cellCount {
        guard let local = grid.box(cell), let place = moved(local, by: box.offset),
          let wanted = place.intersection(shared)
        else { continue }
        try decode(cell, with: &decoder)
        // The chunk is whole even at the edges, so its own shape is the one to walk.
        let inChunk = relative(wanted, to: place.offset)
        let inRequest = relative(wanted, to: request.offset)
        decoder.copy(inChunk, to: inRequest, of: request.shape, in: &bytes)
      }
    }
  }

  private func readPlain(
    _ shared: ArrayIndexRange, of request: ArrayIndexRange, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    let block = blocks[0]
    if shared == box {
      if shared == request {
        try block.read(at: 0, into: &bytes)
        if verifies { try block.check(Digest(of: bytes.bytes)) }
        return
      }
      var digest = DigestStream()
      let place = relative(shared, to: request.offset)
      var scatter = BoxScatter(place, in: request.shape, width: dtype.width)
      var buffer = [UInt8](repeating: 0, count: min(block.byteCount, 1 << 20))
      var offset = 0
      while offset < block.byteCount {
        let count = min(buffer.count, block.byteCount - offset)
        var span = buffer.mutableSpan
        var whole = unsafe span.mutableBytes
        var piece = whole._mutatingExtracting(first: count)
        try block.read(at: offset, into: &piece)
        if verifies { digest.update(piece.bytes) }
        scatter.place(piece.bytes, in: &bytes)
        offset += count
      }
      if verifies { try block.check(digest.digest) }
      return
    }
    if verifies, !isVerified.load(ordering: .relaxed) {
      try block.verify()
      isVerified.store(true, ordering: .relaxed)
    }
    // The runs of the box in the block and in the request pair up: both are in C order.
    let source = relative(shared, to: box.offset)
    let target = relative(shared, to: request.offset)
    var scatter = BoxScatter(target, in: request.shape, width: dtype.width)
    var buffer: [UInt8] = []
    for run in BoxRuns(of: source, in: box.shape, width: dtype.width) {
      if buffer.count < run.count { buffer = [UInt8](repeating: 0, count: run.count) }
      var span = buffer.mutableSpan
      var whole = unsafe span.mutableBytes
      var piece = whole._mutatingExtracting(first: run.count)
      try block.read(at: run.wholeOffset, into: &piece)
      scatter.place(piece.bytes, in: &bytes)
    }
  }

  private func decode(_ cell: Int, with decoder: inout ChunkDecoder) throws(CoppiceError) {
    try decoder.decode(blocks[cell], verifies: verifies)
    if checksPadding { try decoder.checkPadding(cell, of: blocks[cell]) }
  }

  /// Reads the part in C order, each block once.
  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    switch coding {
    case .plain:
      var digest = DigestStream()
      try blocks[0].forEachPiece(ofAtMost: limit / dtype.width * dtype.width) {
        (piece) throws(CoppiceError) in
        if verifies { digest.update(piece) }
        try body(piece)
      }
      if verifies { try blocks[0].check(digest.digest) }
    case .chunks(let grid, let isShuffled):
      let bands = Bands(
        of: grid.shape, width: dtype.width, limit: grid.chunk.byteCount(of: dtype) ?? 0)
      guard bands.bandShape == grid.chunk.dimensions else {
        try forEachBand(ofAtMost: limit, body)
        return
      }
      // Chunks that are bands: their bytes without padding are the array's, one after the other.
      var decoder = ChunkDecoder(grid: grid, isShuffled: isShuffled, dtype: dtype)
      for cell in 0..<grid.cellCount {
        try decode(cell, with: &decoder)
        let count = (grid.box(cell)?.shape.elementCount ?? 0) * dtype.width
        try decoder.withBytes(first: count, body)
      }
    }
  }

  private func moved(_ box: ArrayIndexRange, by offset: [Int]) -> ArrayIndexRange? {
    ArrayIndexRange(offset: zip(box.offset, offset).map { $0 + $1 }, shape: box.shape)
  }

  private func relative(_ box: ArrayIndexRange, to origin: [Int]) -> ArrayIndexRange {
    ArrayIndexRange(offset: zip(box.offset, origin).map { $0 - $1 }, shape: box.shape) ?? box
  }
}
