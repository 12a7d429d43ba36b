import Compression
import CoppiceFormat
import CoppiceModel
import HDF5
import Synchronization

/// Compresses the chunks of leaves on all processors and hands them to libhdf5 in grid order.
///
/// The order makes equal trees equal files. Memory: `windowCells` chunks, raw and coded.
struct ChunkWriter {
  let plan: TreePlan
  let skeleton: HDF5Skeleton
  let level: Int
  let monitor: OperationMonitor

  /// The chunks that are compressed at once before they are stored in order.
  private static let windowBytes = 16 << 20

  /// A chunk as it will be stored.
  private struct Coded: Sendable {
    var bytes: [UInt8] = []
    var isRaw = false
  }

  /// Writes the chunks of one unit.
  ///
  /// - Returns: For each cell the digest of its stored bytes.
  func write(
    _ unit: TreePlan.StorageUnit, _ layout: ChunkLayout
  ) throws(CoppiceError) -> [Digest] {
    let leaf = plan.document.leaves[unit.ordinal]
    guard let grid = ChunkGrid(shape: unit.box.shape, chunk: layout.shape),
      let chunkBytes = layout.shape.byteCount(of: leaf.dtype)
    else { throw CoppiceError(.arraysBadChunk, "the chunk shape doesn't fit the array") }
    let cells = max(ParallelWork.processorCount, Self.windowBytes / chunkBytes)
    var digests: [Digest] = []
    digests.reserveCapacity(grid.cellCount)
    var window: [[UInt8]] = []
    let flush = { () throws(CoppiceError) in
      let coded = try compress(window, leaf.dtype, layout)
      for chunk in coded {
        try store(chunk, unit, grid.box(digests.count)?.offset ?? [], layout)
        digests.append(Digest(of: chunk.bytes))
      }
      try monitor.advance(bytes: window.count * chunkBytes)
      window.removeAll(keepingCapacity: true)
    }
    do throws(CoppiceError) {
      try forEachCell(unit, grid, chunkBytes, leaf.dtype) { (cell) throws(CoppiceError) in
        window.append(cell)
        if window.count == cells { try flush() }
      }
      try flush()
    } catch {
      throw error.located(treePath: plan.paths[unit.ordinal])
    }
    return digests
  }

  /// Gives the raw bytes of each cell in grid order, padded with zeros to the full chunk.
  private func forEachCell(
    _ unit: TreePlan.StorageUnit, _ grid: ChunkGrid, _ chunkBytes: Int, _ dtype: DType,
    _ body: ([UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let source = plan.sources[unit.ordinal]
    let boxed: any ArraySource =
      unit.box == ArrayIndexRange(whole: source.shape) ? source : BoxSource(source, unit.box)
    let bands = Bands(of: boxed.shape, width: dtype.width, limit: chunkBytes).bandShape
    guard bands == grid.chunk.dimensions else {
      // Cells that don't lie unbroken in C order are read box by box.
      for cell in 0..<grid.cellCount {
        try body(try readCell(cell, grid, chunkBytes, dtype, from: boxed))
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
        try body(cell)
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

  private func compress(
    _ window: [[UInt8]], _ dtype: DType, _ layout: ChunkLayout
  ) throws(CoppiceError) -> [Coded] {
    let coded = Mutex([Coded](repeating: Coded(), count: window.count))
    let width = min(ParallelWork.processorCount, window.count)
    let next = Mutex(0)
    try ParallelWork.run(count: width, width: width) { [level] (_) throws(CoppiceError) in
      let compressor = try ZstdCompressor(level: level)
      var shuffled: [UInt8] = []
      while true {
        let index = next.withLock { (next) in
          defer { next += 1 }
          return next
        }
        guard index < window.count else { return }
        let raw = window[index]
        var output: [UInt8] = []
        if layout.isShuffled {
          if shuffled.count != raw.count { shuffled = [UInt8](repeating: 0, count: raw.count) }
          var span = shuffled.mutableSpan
          var bytes = unsafe span.mutableBytes
          ByteShuffle.shuffle(unsafe raw.span.bytes, width: dtype.width, into: &bytes)
          try compressor.compress(unsafe shuffled.span.bytes, into: &output)
        } else {
          try compressor.compress(unsafe raw.span.bytes, into: &output)
        }
        // A chunk that doesn't shrink is stored as it is; its size tells.
        let isRaw = output.count >= raw.count
        let chunk = Coded(bytes: isRaw ? raw : output, isRaw: isRaw)
        coded.withLock { $0[index] = chunk }
      }
    }
    return coded.withLock { $0 }
  }

  private func store(
    _ chunk: Coded, _ unit: TreePlan.StorageUnit, _ offset: [Int], _ layout: ChunkLayout
  ) throws(CoppiceError) {
    // Every filter is left out of a raw chunk: two with shuffle, one without.
    let mask: UInt32 = chunk.isRaw ? (layout.isShuffled ? 3 : 1) : 0
    try skeleton.withDataset(plan, unit) { (dataset) throws(HDF5Error) in
      try dataset.writeChunk(
        unsafe chunk.bytes.span.bytes, at: offset.map { UInt64($0) }, filterMask: mask)
    }
  }
}
