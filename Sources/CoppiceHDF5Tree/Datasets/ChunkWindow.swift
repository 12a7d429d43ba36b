import CoppiceModel

/// A window of an uncoded chunk, in memory; the next reads start in it or soon after it.
struct ChunkWindow {
  private var elements: [UInt8] = []
  private var cell: Int?
  private var start = 0

  /// The least and most bytes of a window: short runs are read with the bytes after them.
  private static let leastBytes = 64 << 10
  private static let mostBytes = 1 << 20

  /// Reads the chunk's elements from an offset on, unless the window has them already.
  ///
  /// - Parameters:
  ///   - offset: The offset of an element in the chunk.
  ///   - count: The number of bytes that the caller needs.
  /// - Throws: `hdf5.chunk-damaged`, `hdf5.element`, `io.*`.
  mutating func move(
    to offset: Int, atMost count: Int, of stored: StoredChunks.Place, _ array: ChunkedSource
  ) throws(CoppiceError) {
    if cell == stored.cell, (start..<(start + elements.count)).contains(offset) { return }
    cell = nil
    let whole = array.pipeline.plainBytes
    do throws(CoppiceError) {
      guard stored.byteCount == whole else {
        throw CoppiceError(
          .hdf5ChunkDamaged,
          "the chunk holds \(stored.byteCount) bytes instead of \(whole); the file is damaged")
      }
      let size = min(max(min(count, Self.mostBytes), Self.leastBytes), whole - offset)
      if elements.count != size { elements = [UInt8](repeating: 0, count: size) }
      var span = elements.mutableSpan
      var bytes = unsafe span.mutableBytes
      try array.file.read(at: stored.offset + offset, into: &bytes)
      try array.form.convert(&bytes)
    } catch {
      throw error.located(file: array.name).located(offset: stored.offset)
    }
    (cell, start) = (stored.cell, offset)
  }

  /// Scatters the window's elements from an offset on.
  ///
  /// - Returns: The number of bytes: those of at least one element.
  func place(
    from offset: Int, atMost count: Int, by scatter: inout BoxScatter,
    into bytes: inout MutableRawSpan
  ) -> Int {
    let first = offset - start
    let piece = unsafe elements.span.bytes.extracting(
      first..<min(first + count, elements.count))
    scatter.place(piece, in: &bytes)
    return piece.byteCount
  }
}
