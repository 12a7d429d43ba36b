extension ArraySource {
  /// Passes the elements of each cell of a grid to a closure, in grid order and with zeros beyond the array.
  ///
  /// The cells follow one another in C order, so that the source is read once, from front to back, whatever the
  /// boundaries of its pieces.
  ///
  /// - Parameters:
  ///   - limit: The most bytes of the array that are read at once.
  ///   - body: Receives the index of each cell and its bytes.
  /// - Throws: The errors of reading, and of `body`.
  package func forEachCell(
    of grid: ChunkGrid, ofAtMost limit: Int,
    _ body: (Int, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let chunkBytes = grid.chunk.elementCount * dtype.width
    var cell = [UInt8](repeating: 0, count: chunkBytes)
    var index = 0
    var filled = 0
    var cellBytes = (grid.box(0)?.shape.elementCount ?? 0) * dtype.width
    try forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in
      var consumed = 0
      while consumed < piece.byteCount, index < grid.cellCount {
        let count = min(cellBytes - filled, piece.byteCount - consumed)
        var span = cell.mutableSpan
        var bytes = unsafe span.mutableBytes
        bytes.copy(from: piece.extracting(consumed..<(consumed + count)), at: filled)
        filled += count
        consumed += count
        guard filled == cellBytes else { continue }
        try body(index, cell)
        cell = [UInt8](repeating: 0, count: chunkBytes)
        index += 1
        filled = 0
        cellBytes = (index < grid.cellCount ? grid.box(index)?.shape.elementCount : 0) ?? 0
        cellBytes *= dtype.width
      }
    }
  }
}
