import CoppiceCompression
import CoppiceFiles
import CoppiceFormat
import CoppiceModel

/// A decoder of the chunks of a grid, which reuses its buffers.
struct ChunkDecoder: ~Copyable {
  private let grid: ChunkGrid
  private let isShuffled: Bool
  private let dtype: DType
  private let chunkBytes: Int
  private var memory: ChunkMemory

  init(grid: ChunkGrid, isShuffled: Bool, dtype: DType) {
    self.grid = grid
    self.isShuffled = isShuffled
    self.dtype = dtype
    chunkBytes = grid.chunk.elementCount * dtype.width
    memory = ChunkMemory.take()
  }

  deinit { memory.giveBack() }

  /// Decodes a chunk into the decoder's buffer, where it stays until the next call.
  ///
  /// - Throws: `arrays.digest-mismatch`, `arrays.bad-encoding`, `io.*`.
  mutating func decode(_ block: StoredBlock, verifies: Bool) throws(CoppiceError) {
    Self.resize(&memory.plain, to: chunkBytes)
    // Swapped out temporarily, so that the other buffers can be used at the same time.
    var plain: [UInt8] = []
    swap(&plain, &memory.plain)
    defer { swap(&plain, &memory.plain) }
    var span = plain.mutableSpan
    var whole = unsafe span.mutableBytes
    let count = chunkBytes
    var target = whole._mutatingExtracting(first: count)
    try decode(block, verifies: verifies, into: &target)
  }

  /// Decodes a chunk directly into the caller's memory.
  ///
  /// - Parameter target: Memory of exactly one chunk's size.
  /// - Throws: `arrays.digest-mismatch`, `arrays.bad-encoding`, `io.*`.
  mutating func decode(
    _ block: StoredBlock, verifies: Bool, into target: inout MutableRawSpan
  ) throws(CoppiceError) {
    // A chunk stored with its full size is not compressed.
    if block.byteCount == chunkBytes {
      try block.read(at: 0, into: &target)
      if verifies { try block.check(Digest(of: target.bytes)) }
      return
    }
    // Allocated once for the largest chunk: a buffer that grew with the chunks would touch new
    // memory each time.
    Self.resize(&memory.stored, to: chunkBytes)
    try Self.fill(&memory.stored, from: block, verifies: verifies)
    do throws(CoppiceError) {
      guard isShuffled else {
        try ZstdDecompressor.decompress(
          unsafe memory.stored.span.bytes.extracting(first: block.byteCount), into: &target)
        return
      }
      try Self.expand(memory.stored, block.byteCount, to: &memory.shuffled, chunkBytes)
      let planes = unsafe memory.shuffled.span.bytes.extracting(first: chunkBytes)
      ByteShuffle.unshuffle(planes, width: dtype.width, into: &target)
    } catch {
      throw CoppiceError(
        .arraysBadEncoding, "the chunk can't be decoded: \(error.message)",
        at: .init(file: try block.files.file(block.file).name, offset: block.offset),
        cause: .other(error))
    }
  }

  private static func resize(_ buffer: inout [UInt8], to count: Int) {
    if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
  }

  /// Reads a block into the first bytes of a buffer.
  private static func fill(
    _ buffer: inout [UInt8], from block: StoredBlock, verifies: Bool
  ) throws(CoppiceError) {
    resize(&buffer, to: block.byteCount)
    var span = buffer.mutableSpan
    var whole = unsafe span.mutableBytes
    var bytes = whole._mutatingExtracting(first: block.byteCount)
    try block.read(at: 0, into: &bytes)
    if verifies { try block.check(Digest(of: bytes.bytes)) }
  }

  /// Decompresses a frame into the first bytes of a buffer.
  private static func expand(
    _ frame: [UInt8], _ frameBytes: Int, to buffer: inout [UInt8], _ count: Int
  ) throws(CoppiceError) {
    resize(&buffer, to: count)
    var span = buffer.mutableSpan
    var whole = unsafe span.mutableBytes
    var bytes = whole._mutatingExtracting(first: count)
    try ZstdDecompressor.decompress(
      unsafe frame.span.bytes.extracting(first: frameBytes), into: &bytes)
  }

  /// Refuses bytes other than zero where a decoded chunk extends beyond its box.
  ///
  /// Spec: ARR-14.
  ///
  /// - Throws: `arrays.bad-encoding`.
  func checkPadding(_ cell: Int, of block: StoredBlock) throws(CoppiceError) {
    guard let box = grid.box(cell), box.shape != grid.chunk else { return }
    let chunk = unsafe memory.plain.span.bytes
    var end = 0
    for run in BoxRuns(of: ArrayBox(whole: box.shape), in: grid.chunk, width: dtype.width) {
      try Self.requireZeros(chunk.extracting(end..<run.wholeOffset), of: block)
      end = run.wholeOffset + run.count
    }
    try Self.requireZeros(chunk.extracting(end..<chunkBytes), of: block)
  }

  private static func requireZeros(
    _ bytes: RawSpan, of block: StoredBlock
  ) throws(CoppiceError) {
    for index in 0..<bytes.byteCount
    where unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) != 0 {
      throw CoppiceError(
        .arraysBadEncoding, "the chunk has bytes other than zero outside of the array",
        at: .init(file: try block.files.file(block.file).name, offset: block.offset))
    }
  }

  /// Passes the first bytes of the decoded chunk to a closure.
  func withBytes(
    first count: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try body(unsafe memory.plain.span.bytes.extracting(first: count))
  }

  /// Copies a box of the decoded chunk to a box of the caller's memory.
  func copy(
    _ source: ArrayBox, to target: ArrayBox, of shape: Shape,
    in bytes: inout MutableRawSpan
  ) {
    let chunk = unsafe memory.plain.span.bytes
    var scatter = BoxScatter(target, in: shape, width: dtype.width)
    for run in BoxRuns(of: source, in: grid.chunk, width: dtype.width) {
      scatter.place(
        chunk.extracting(run.wholeOffset..<(run.wholeOffset + run.count)), in: &bytes)
    }
  }
}
