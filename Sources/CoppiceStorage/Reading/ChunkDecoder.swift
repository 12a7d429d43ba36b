import Compression
import CoppiceFormat
import CoppiceModel

/// Decodes the chunks of a grid one after the other, in memory that is used again.
struct ChunkDecoder {
  private let grid: ChunkGrid
  private let isShuffled: Bool
  private let dtype: DType
  private let chunkBytes: Int
  private var stored: [UInt8] = []
  private var plain: [UInt8]
  private var shuffled: [UInt8] = []

  init(grid: ChunkGrid, isShuffled: Bool, dtype: DType) {
    self.grid = grid
    self.isShuffled = isShuffled
    self.dtype = dtype
    chunkBytes = grid.chunk.elementCount * dtype.width
    plain = []
  }

  /// Decodes a chunk; it stays until the next one.
  ///
  /// - Throws: `arrays.digest-mismatch`, `arrays.bad-encoding`, `io.*`.
  mutating func decode(_ block: StoredBlock, verifies: Bool) throws(CoppiceError) {
    if plain.isEmpty { plain = [UInt8](repeating: 0, count: chunkBytes) }
    // A chunk of full size is stored as it is.
    if block.byteCount == chunkBytes {
      var span = plain.mutableSpan
      var bytes = unsafe span.mutableBytes
      try block.read(at: 0, into: &bytes)
      if verifies { try block.check(Digest(of: bytes.bytes)) }
      return
    }
    if stored.count < block.byteCount { stored = [UInt8](repeating: 0, count: block.byteCount) }
    var storedSpan = stored.mutableSpan
    var storedBytes = unsafe storedSpan.mutableBytes
    var frame = storedBytes._mutatingExtracting(first: block.byteCount)
    try block.read(at: 0, into: &frame)
    if verifies { try block.check(Digest(of: frame.bytes)) }
    do throws(CoppiceError) {
      var span = plain.mutableSpan
      var bytes = unsafe span.mutableBytes
      guard isShuffled else {
        try ZstdDecompressor.decompress(frame.bytes, into: &bytes)
        return
      }
      if shuffled.isEmpty { shuffled = [UInt8](repeating: 0, count: chunkBytes) }
      var shuffledSpan = shuffled.mutableSpan
      var shuffledBytes = unsafe shuffledSpan.mutableBytes
      try ZstdDecompressor.decompress(frame.bytes, into: &shuffledBytes)
      ByteShuffle.unshuffle(shuffledBytes.bytes, width: dtype.width, into: &bytes)
    } catch {
      throw CoppiceError(
        .arraysBadEncoding, "the chunk can't be decoded: \(error.message)",
        at: .init(file: try block.files.file(block.file).name, offset: block.offset),
        cause: .other(error))
    }
  }

  /// Lends the first bytes of the decoded chunk to a closure.
  func withBytes(
    first count: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    try body(unsafe plain.span.bytes.extracting(first: count))
  }

  /// Copies a box of the decoded chunk to a box of a request.
  func copy(
    _ source: ArrayIndexRange, to target: ArrayIndexRange, of shape: Shape,
    in bytes: inout MutableRawSpan
  ) {
    let chunk = unsafe plain.span.bytes
    var scatter = BoxScatter(target, in: shape, width: dtype.width)
    for run in BoxRuns(of: source, in: grid.chunk, width: dtype.width) {
      scatter.place(
        chunk.extracting(run.wholeOffset..<(run.wholeOffset + run.count)), in: &bytes)
    }
  }
}
