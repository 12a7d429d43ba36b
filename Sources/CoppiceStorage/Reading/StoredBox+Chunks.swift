import CoppiceFormat
import CoppiceModel

extension StoredBox {
  /// Reads the elements that some chunks share with a box into the caller's memory.
  func readChunks(
    _ cells: ArraySlice<Int>, _ grid: ChunkGrid, _ isShuffled: Bool, _ shared: ArrayBox,
    of request: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var decoder = ChunkDecoder(grid: grid, isShuffled: isShuffled, dtype: dtype)
    for cell in cells {
      guard let place = grid.box(cell)?.moved(by: box.offset),
        let wanted = place.intersection(shared)
      else { continue }
      let inRequest = wanted.relative(to: request.offset)
      if wanted.shape == grid.chunk,
        let place = inRequest.unbrokenPlace(in: request.shape, width: dtype.width)
      {
        var target = bytes._mutatingExtracting(place)
        try decoder.decode(
          blocks[firstRow + cell], verifies: blocks.verifies, into: &target)
      } else {
        try decode(cell, with: &decoder)
        // The chunk has its full shape even at the edges, so that shape gives the runs.
        decoder.copy(
          wanted.relative(to: place.offset), to: inRequest, of: request.shape, in: &bytes)
      }
      try tell(wanted.shape.elementCount * dtype.width)
    }
  }

  /// Reads the stored box in C order, each chunk once where the working memory allows.
  func forEachPiece(
    of grid: ChunkGrid, _ isShuffled: Bool, ofAtMost limit: Int,
    _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let bands = ContiguousSlabs(
      of: grid.shape, width: dtype.width, limit: grid.chunk.byteCount(of: dtype) ?? 0)
    guard bands.bandShape == grid.chunk.dimensions else {
      try forEachRow(of: grid, ofAtMost: limit, body)
      return
    }
    // The chunks are bands: their bytes without padding follow one another in the array.
    var decoder = ChunkDecoder(grid: grid, isShuffled: isShuffled, dtype: dtype)
    for cell in 0..<grid.cellCount {
      try decode(cell, with: &decoder)
      let count = (grid.box(cell)?.shape.elementCount ?? 0) * dtype.width
      try decoder.withBytes(first: count, body)
    }
  }

  /// Reads rows of chunks: each chunk is decoded once if a row fits in the working memory.
  private func forEachRow(
    of grid: ChunkGrid, ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var extents = grid.shape.dimensions
    extents[0] = min(extents[0], grid.chunk.dimensions[0])
    guard let row = Shape(extents)?.byteCount(of: dtype), row > limit,
      row <= ReadLimits.standard.workingMemory
    else {
      try forEachBand(ofAtMost: limit, body)
      return
    }
    let limit = max(limit / dtype.width, 1) * dtype.width
    try forEachBand(ofAtMost: row) { (band) throws(CoppiceError) in
      var offset = 0
      while offset < band.byteCount {
        let end = min(offset + limit, band.byteCount)
        try body(band.extracting(offset..<end))
        offset = end
      }
    }
  }

  private func decode(_ cell: Int, with decoder: inout ChunkDecoder) throws(CoppiceError) {
    try decoder.decode(blocks[firstRow + cell], verifies: blocks.verifies)
    if checksPadding { try decoder.checkPadding(cell, of: blocks[firstRow + cell]) }
  }
}
