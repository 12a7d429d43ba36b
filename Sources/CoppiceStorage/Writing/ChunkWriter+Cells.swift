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

  /// Passes the elements of each cell of a stored box to a closure; the cells must be bands.
  func forEachCell(
    _ unit: DataFilePlan.StorageUnit, _ grid: ChunkGrid,
    _ body: (Int, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      try plan.source(of: unit).forEachCell(of: grid, ofAtMost: BlockWriter.pieceBytes, body)
    } catch {
      throw error.located(treePath: plan.paths[unit.ordinal])
    }
  }
}
