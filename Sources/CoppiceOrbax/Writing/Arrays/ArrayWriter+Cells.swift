import CoppiceModel
import CoppiceZarr

extension ArrayWriter {
  /// The most bytes that are read at once to be cut into chunks; a single chunk may be larger.
  private static let slabBytes = 32 << 20

  /// Passes each chunk of an array to a closure, in grid order and with zeros beyond the array.
  func forEachCell(
    of array: OutputArray, _ body: (StoreKey, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard array.chunkCount > 0 else { return }
    if array.hasContiguousChunks {
      try forEachContiguousCell(of: array, body)
    } else {
      try forEachGatheredCell(of: array, body)
    }
  }

  /// Reads the array once, from front to back, and cuts its bytes at the borders of chunks.
  private func forEachContiguousCell(
    of array: OutputArray, _ body: (StoreKey, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var cursor = OutputChunkCursor(array)
    var cell: [UInt8] = []
    try array.source.forEachPiece(ofAtMost: Self.pieceBytes) { (piece) throws(CoppiceError) in
      try cursor.take(piece) { (cursor, piece, isWhole) throws(CoppiceError) in
        if cell.isEmpty { cell.reserveCapacity(array.chunkBytes) }
        unsafe piece.withUnsafeBytes { unsafe cell.append(contentsOf: $0) }
        guard isWhole else { return }
        // Chunks at the edge are stored whole.
        cell.append(contentsOf: repeatElement(0, count: array.chunkBytes - cell.count))
        try body(cursor.key, cell)
        cell = []
      }
      try monitor.advance(bytes: piece.byteCount)
    }
    try cursor.requireEnd()
  }

  /// Reads slabs of neighbouring chunks, so that sources read long runs, and cuts them in memory.
  private func forEachGatheredCell(
    of array: OutputArray, _ body: (StoreKey, [UInt8]) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard let grid = ChunkGrid(shape: array.source.shape, chunk: array.chunk) else { return }
    let (divided, perSlab) = Self.slab(array)
    for first in stride(from: 0, to: grid.cellCount, by: perSlab) {
      guard let corner = grid.box(first),
        let shape = Shape(
          grid.shape.dimensions.enumerated().map { (dimension, extent) in
            dimension < divided ? corner.shape.dimensions[dimension] : extent
          }), let slab = ArrayBox(offset: corner.offset, shape: shape)
      else { continue }
      let elements = try array.source.source(of: slab).load()
      for number in first..<(first + perSlab) {
        guard let box = grid.box(number),
          let place = ArrayBox(
            offset: zip(box.offset, slab.offset).map { $0 - $1 }, shape: box.shape)
        else { continue }
        let (key, byteCount) = array.chunk(number)
        try body(key, try Self.cell(place, of: elements, array.chunk))
        try monitor.advance(bytes: byteCount)
      }
    }
  }

  /// Returns the number of leading dimensions in which a slab is one chunk wide, and the number of
  /// its chunks; it covers the other dimensions whole, so its chunks follow one another.
  private static func slab(_ array: OutputArray) -> (divided: Int, chunkCount: Int) {
    var (divided, count) = (array.counts.count, 1)
    while divided > 0 {
      let (bytes, overflow) = (count * array.counts[divided - 1])
        .multipliedReportingOverflow(by: array.chunkBytes)
      if overflow || bytes > slabBytes { break }
      divided -= 1
      count *= array.counts[divided]
    }
    return (divided, count)
  }

  /// Returns the elements of a box as a chunk, which they fill from its first corner on.
  private static func cell(
    _ box: ArrayBox, of elements: NDArray, _ chunk: Shape
  ) throws(CoppiceError) -> [UInt8] {
    let width = elements.dtype.width
    var inner = [UInt8](repeating: 0, count: box.shape.elementCount * width)
    var innerSpan = inner.mutableSpan
    var innerBytes = unsafe innerSpan.mutableBytes
    try elements.read(box, into: &innerBytes)
    guard box.shape != chunk else { return inner }
    var cell = [UInt8](repeating: 0, count: chunk.elementCount * width)
    var cellSpan = cell.mutableSpan
    var cellBytes = unsafe cellSpan.mutableBytes
    var scatter = BoxScatter(ArrayBox(whole: box.shape), in: chunk, width: width)
    scatter.place(unsafe inner.span.bytes, in: &cellBytes)
    return cell
  }
}
