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

  /// The number of pieces that can be read by themselves: the block, or the chunks.
  var cellCount: Int {
    switch coding {
    case .plain: 1
    case .chunks(let grid, _): grid.cellCount
    }
  }

  /// Reads a box of the part itself.
  func read(_ range: ArrayIndexRange, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let place = range.moved(by: box.offset)
    try read(place, of: place, into: &bytes)
  }

  /// Reads what a request shares with this part into the request's place for it.
  func read(
    _ shared: ArrayIndexRange, of request: ArrayIndexRange, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    switch coding {
    case .plain: try readPlain(shared, of: request, into: &bytes) { _ in }
    case .chunks(let grid, let isShuffled):
      let cells = grid.cells(sharing: shared.relative(to: box.offset))
      try readChunks(cells, grid, isShuffled, shared, of: request, into: &bytes) { _ in }
    }
  }

  /// Reads some cells of the part to their places in the whole leaf.
  func read(
    cells: Range<Int>, of request: ArrayIndexRange, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    switch coding {
    case .plain: try readPlain(box, of: request, into: &bytes, tell: tell)
    case .chunks(let grid, let isShuffled):
      try readChunks(Array(cells), grid, isShuffled, box, of: request, into: &bytes, tell: tell)
    }
  }

  private func readChunks(
    _ cells: [Int], _ grid: ChunkGrid, _ isShuffled: Bool, _ shared: ArrayIndexRange,
    of request: ArrayIndexRange, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var decoder = ChunkDecoder(grid: grid, isShuffled: isShuffled, dtype: dtype)
    for cell in cells {
      guard let place = grid.box(cell)?.moved(by: box.offset),
        let wanted = place.intersection(shared)
      else { continue }
      let inRequest = wanted.relative(to: request.offset)
      if wanted.shape == grid.chunk,
        let place = inRequest.unbrokenPlace(in: request.shape, width: dtype.width)
      {
        var target = bytes._mutatingExtracting(place)
        try decoder.decode(blocks[cell], verifies: verifies, into: &target)
      } else {
        try decode(cell, with: &decoder)
        // The chunk is whole even at the edges, so its own shape is the one to walk.
        decoder.copy(
          wanted.relative(to: place.offset), to: inRequest, of: request.shape, in: &bytes)
      }
      try tell(wanted.shape.elementCount * dtype.width)
    }
  }

  private static let pieceBytes = 1 << 20

  /// What is digested and copied piece by piece stays in the second-level cache meanwhile.
  private static let cachedBytes = 256 << 10

  private func readPlain(
    _ shared: ArrayIndexRange, of request: ArrayIndexRange, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let block = blocks[0]
    if shared == box, shared == request {
      try readWhole(block, into: &bytes, tell: tell)
      return
    }
    // The runs of the box in the block and in the request pair up: both are in C order.
    let source = shared.relative(to: box.offset)
    let target = shared.relative(to: request.offset)
    let isChecked = verifies && !isVerified.load(ordering: .relaxed)
    let pairs = PairedRuns(
      source, in: box.shape, with: target, in: request.shape, width: dtype.width)
    if var scattered = ScatteredRead(block, pairs, isChecked: isChecked) {
      try scattered.read(into: &bytes, tell: tell)
      if isChecked { isVerified.store(true, ordering: .relaxed) }
      return
    }
    guard isChecked else {
      try block.read(
        source, of: box.shape, width: dtype.width, to: target, of: request.shape, into: &bytes)
      try tell(shared.shape.elementCount * dtype.width)
      return
    }
    // The first time all bytes go by for the digest, and the box is picked out of them.
    var digest = DigestStream()
    var gather = BoxGather(source, in: box.shape, width: dtype.width)
    var scatter = BoxScatter(target, in: request.shape, width: dtype.width)
    var buffer = [UInt8](repeating: 0, count: min(block.byteCount, Self.cachedBytes))
    var offset = 0
    while offset < block.byteCount {
      let count = min(buffer.count, block.byteCount - offset)
      var span = buffer.mutableSpan
      var whole = unsafe span.mutableBytes
      var piece = whole._mutatingExtracting(first: count)
      try block.read(at: offset, into: &piece)
      digest.update(piece.bytes)
      gather.pick(from: piece.bytes, at: offset) { scatter.place($0, in: &bytes) }
      offset += count
      if shared == box { try tell(count) }
    }
    try block.check(digest.digest)
    isVerified.store(true, ordering: .relaxed)
    if shared != box { try tell(shared.shape.elementCount * dtype.width) }
  }

  /// Reads a block where it is wanted; each piece is digested while it is in the cache.
  private func readWhole(
    _ block: StoredBlock, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    if block.byteCount <= Self.pieceBytes {
      try block.read(at: 0, into: &bytes)
      if verifies { try block.check(Digest(of: bytes.bytes)) }
      try tell(block.byteCount)
      return
    }
    if block.byteCount >= Self.sharedBytes
      || (block.byteCount >= Self.dividedBytes && ParallelWork.hasIdleProcessors)
    {
      try readTogether(block, into: &bytes, tell: tell)
      return
    }
    var digest = DigestStream()
    var offset = 0
    while offset < block.byteCount {
      let count = min(Self.pieceBytes, block.byteCount - offset)
      var piece = bytes._mutatingExtracting(offset..<(offset + count))
      try block.read(at: offset, into: &piece)
      if verifies { digest.update(piece.bytes) }
      offset += count
      try tell(count)
    }
    if verifies { try block.check(digest.digest) }
  }

  /// A block of so many bytes is read by all processors: there are too few such leaves for each to
  /// have its own.
  private static let sharedBytes = 256 << 20

  /// A block of so many bytes is read by all processors where some have nothing else to do.
  private static let dividedBytes = 16 << 20

  /// Reads pieces in parallel, and digests them one after the other while they are in the cache.
  private func readTogether(
    _ block: StoredBlock, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let digest = Mutex(DigestStream())
    let turns = OrderedTurns()
    let pieces = (block.byteCount + Self.pieceBytes - 1) / Self.pieceBytes
    let verifies = verifies
    try bytes.fillTogether(jobs: pieces, isLarge: true) { (index, whole) throws(CoppiceError) in
      let offset = index * Self.pieceBytes
      let count = min(Self.pieceBytes, block.byteCount - offset)
      var piece = whole._mutatingExtracting(offset..<(offset + count))
      do throws(CoppiceError) {
        try block.read(at: offset, into: &piece)
        guard turns.wait(index) else { return }
        if verifies { digest.withLock { $0.update(piece.bytes) } }
        try tell(count)
        turns.pass(index)
      } catch {
        turns.fail()
        throw error
      }
    }
    if verifies { try block.check(digest.withLock { $0.digest }) }
  }

  /// Reads rows of chunks, so that each chunk is decoded once where a row fits in the memory for it.
  private func forEachRow(
    of grid: ChunkGrid, ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var extents = grid.shape.dimensions
    extents[0] = min(extents[0], grid.chunk.dimensions[0])
    guard let row = Shape(extents)?.byteCount(of: dtype), row > limit,
      row <= ReadLimits.standard.workingMemory
    else {
      try forEachBand(ofAtMost: limit, body)
      return
    }
    let limit = max(limit / dtype.width, 1) * dtype.width
    try forEachBand(ofAtMost: row) { (band) throws(CoppiceError) in
      var offset = 0
      while offset < band.byteCount {
        let end = min(offset + limit, band.byteCount)
        try body(band.extracting(offset..<end))
        offset = end
      }
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
        try forEachRow(of: grid, ofAtMost: limit, body)
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
}
