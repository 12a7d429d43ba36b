import CoppiceFormat
import CoppiceModel

extension ChunkWriter {
  /// Returns whether the cells follow one another in C order, so that one pass over the array
  /// yields them all.
  static func areBands(_ grid: ChunkGrid, _ dtype: DType) -> Bool {
    let chunkBytes = grid.chunk.elementCount * dtype.width
    let bands = ContiguousSlabs(of: grid.shape, width: dtype.width, limit: chunkBytes)
    return bands.bandShape == grid.chunk.dimensions
  }

  /// Passes the elements of each cell to a closure, in grid order and with zeros beyond the array.
  ///
  /// The cells must be bands; the source is read once, from front to back.
  func forEachCell(
    _ unit: DataFilePlan.StorageUnit, _ grid: ChunkGrid, _ dtype: DType,
    _ body: (Int, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      try forEachUnlocatedCell(unit, grid, dtype, body)
    } catch {
      throw error.located(treePath: plan.paths[unit.ordinal])
    }
  }

  private func forEachUnlocatedCell(
    _ unit: DataFilePlan.StorageUnit, _ grid: ChunkGrid, _ dtype: DType,
    _ body: (Int, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let chunkBytes = grid.chunk.elementCount * dtype.width
    let boxed = try plan.source(of: unit)
    // The cells are bands, so one pass suffices, whatever the boundaries of the source's pieces.
    var cell = [UInt8](repeating: 0, count: chunkBytes)
    var index = 0
    var filled = 0
    var cellBytes = (grid.box(0)?.shape.elementCount ?? 0) * dtype.width
    try boxed.forEachPiece(ofAtMost: BlockWriter.pieceBytes) { (piece) throws(CoppiceError) in
      var consumed = 0
      while consumed < piece.byteCount {
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
