import CoppiceFormat
import CoppiceModel

extension ChunkWriter {
  /// Gives the elements of each cell in grid order, with zeros where it reaches out of the array, for a
  /// source that is read once, from front to back.
  func forEachCell(
    _ unit: TreePlan.StorageUnit, _ grid: ChunkGrid, _ dtype: DType,
    _ body: (Int, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      try forEachUnlocatedCell(unit, grid, dtype, body)
    } catch {
      throw error.located(treePath: plan.paths[unit.ordinal])
    }
  }

  private func forEachUnlocatedCell(
    _ unit: TreePlan.StorageUnit, _ grid: ChunkGrid, _ dtype: DType,
    _ body: (Int, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let chunkBytes = grid.chunk.elementCount * dtype.width
    let source = plan.sources[unit.ordinal]
    let boxed: any ArraySource =
      unit.box == ArrayIndexRange(whole: source.shape) ? source : BoxSource(source, unit.box)
    let bands = Bands(of: boxed.shape, width: dtype.width, limit: chunkBytes).bandShape
    guard bands == grid.chunk.dimensions else {
      // Cells that don't lie unbroken in C order are read box by box.
      for cell in 0..<grid.cellCount {
        try body(cell, try readCell(cell, grid, chunkBytes, dtype, from: boxed))
      }
      return
    }
    // Cells are bands: one pass over the source, however its pieces fall.
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

  private func readCell(
    _ cell: Int, _ grid: ChunkGrid, _ chunkBytes: Int, _ dtype: DType, from source: any ArraySource
  ) throws(CoppiceError) -> [UInt8] {
    guard let box = grid.box(cell) else { return [] }
    var inner = [UInt8](repeating: 0, count: box.shape.elementCount * dtype.width)
    var innerSpan = inner.mutableSpan
    var innerBytes = unsafe innerSpan.mutableBytes
    try source.read(box, into: &innerBytes)
    guard box.shape != grid.chunk else { return inner }
    var whole = [UInt8](repeating: 0, count: chunkBytes)
    var span = whole.mutableSpan
    var bytes = unsafe span.mutableBytes
    guard
      let place = ArrayIndexRange(
        offset: Array(repeating: 0, count: box.rank), shape: box.shape)
    else { return [] }
    var scatter = BoxScatter(place, in: grid.chunk, width: dtype.width)
    scatter.place(unsafe inner.span.bytes, in: &bytes)
    return whole
  }
}
