import Compression
import CoppiceFormat
import CoppiceModel
import FileAccess

/// Decodes the chunks of a grid one after the other, in memory that is used again.
struct ChunkDecoder {
  private let grid: ChunkGrid
  private let isShuffled: Bool
  private let dtype: DType
  private let chunkBytes: Int
  private var stored: [UInt8] = []
  private var plain: [UInt8] = []
  private var shuffled: [UInt8] = []

  init(grid: ChunkGrid, isShuffled: Bool, dtype: DType) {
    self.grid = grid
    self.isShuffled = isShuffled
    self.dtype = dtype
    chunkBytes = grid.chunk.elementCount * dtype.width
  }

  /// Decodes a chunk; it stays until the next one.
  ///
  /// - Throws: `arrays.digest-mismatch`, `arrays.bad-encoding`, `io.*`.
  mutating func decode(_ block: StoredBlock, verifies: Bool) throws(CoppiceError) {
    // A chunk of full size is stored as it is.
    if block.byteCount == chunkBytes {
      try Self.fill(&plain, from: block, verifies: verifies)
      return
    }
    try Self.fill(&stored, from: block, verifies: verifies)
    do throws(CoppiceError) {
      if isShuffled {
        try Self.expand(stored, block.byteCount, to: &shuffled, chunkBytes)
        Self.unshuffle(shuffled, dtype.width, to: &plain)
      } else {
        try Self.expand(stored, block.byteCount, to: &plain, chunkBytes)
      }
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

  /// Reads a block to the beginning of a buffer.
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

  private static func unshuffle(_ planes: [UInt8], _ width: Int, to buffer: inout [UInt8]) {
    resize(&buffer, to: planes.count)
    var span = buffer.mutableSpan
    var bytes = unsafe span.mutableBytes
    ByteShuffle.unshuffle(unsafe planes.span.bytes, width: width, into: &bytes)
  }

  /// Decodes a frame to a buffer.
  private static func expand(
    _ frame: [UInt8], _ frameBytes: Int, to buffer: inout [UInt8], _ count: Int
  ) throws(CoppiceError) {
    resize(&buffer, to: count)
    var span = buffer.mutableSpan
    var bytes = unsafe span.mutableBytes
    try ZstdDecompressor.decompress(
      unsafe frame.span.bytes.extracting(first: frameBytes), into: &bytes)
  }

  /// Refuses bytes other than zero where the decoded chunk reaches out of its box.
  ///
  /// Spec: ARR-14.
  ///
  /// - Throws: `arrays.bad-encoding`.
  func checkPadding(_ cell: Int, of block: StoredBlock) throws(CoppiceError) {
    guard let box = grid.box(cell), box.shape != grid.chunk else { return }
    let chunk = unsafe plain.span.bytes
    var end = 0
    for run in BoxRuns(of: ArrayIndexRange(whole: box.shape), in: grid.chunk, width: dtype.width) {
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
