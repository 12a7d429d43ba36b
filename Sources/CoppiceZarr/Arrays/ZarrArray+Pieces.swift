package import CoppiceModel

extension ZarrArray {
  /// Reads the whole array in C order.
  ///
  /// The array consists of groups of chunks that share their index along the first dimension that
  /// chunks divide: each group is contiguous in the array. Within a group every chunk is decoded
  /// once. All are decoded together, each stream only as far as the current piece reaches.
  ///
  /// A group with more streams than the working memory holds is read in bands instead, each as
  /// large as the working memory; a chunk that spans several bands is then decoded again from its
  /// beginning for each of them.
  package func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard byteCount > 0 else { return }
    let limit = max(limit / dtype.width, 1) * dtype.width
    if let bytes = contiguousBytes {
      try bytes.forEachPiece(ofAtMost: limit, body)
      return
    }
    var pieces = try PieceBuffer(size: min(limit, byteCount))
    var buffer: [UInt8] = []
    var band: [UInt8] = []
    let groups = GridIndices(
      from: Array(repeating: 0, count: groupRank), to: Array(grid.counts.prefix(groupRank)))
    for group in groups {
      if let chunks = try openGroup(group) {
        try readGroup(group, chunks, &pieces, &buffer, body)
      } else {
        try readBands(group, &pieces, &band, &buffer, body)
      }
    }
    try pieces.flush(body)
  }

  /// The number of leading dimensions that identify a group.
  ///
  /// It ends with the first dimension along which a chunk has several elements.
  private var groupRank: Int {
    let first = grid.chunk.dimensions.firstIndex { $0 > 1 }
    return min(first.map { $0 + 1 } ?? grid.rank, grid.rank)
  }

  /// Returns the box of a group, which is contiguous in C order.
  private func groupBox(_ group: [Int]) -> ArrayBox? {
    let tail = Array(repeating: 0, count: grid.rank - group.count)
    guard let first = grid.box(at: group + tail) else { return nil }
    let extents =
      first.shape.dimensions.prefix(group.count) + shape.dimensions.dropFirst(group.count)
    return Shape(Array(extents)).flatMap { ArrayBox(offset: first.offset, shape: $0) }
  }

  /// Opens all chunks of a group; returns `nil` when the working memory doesn't hold them.
  private func openGroup(
    _ group: [Int]
  ) throws(CoppiceError) -> [(index: [Int], chunk: ChunkCopyCursor)]? {
    guard let box = groupBox(group) else { return nil }
    let tail = grid.counts.dropFirst(group.count)
    let count = tail.reduce(1, *)
    guard count <= limits.workingMemory / 512 else { return nil }
    var budget = limits.workingMemory
    var live: [(index: [Int], chunk: ChunkCopyCursor)] = []
    let indices = GridIndices(
      from: group + tail.map { _ in 0 }, to: group.map { $0 + 1 } + tail)
    for index in indices {
      guard let chunk = grid.box(at: index),
        let opened = try open(index, isAlone: count == 1, budget: budget)
      else { return nil }
      budget -= opened.memory
      guard budget >= 0 else { return nil }
      live.append((index, ChunkCopyCursor(opened.reader, ChunkRuns(order, of: chunk, target: box))))
    }
    return live
  }

  /// Copies a group from open chunks.
  private func readGroup(
    _ group: [Int], _ live: [(index: [Int], chunk: ChunkCopyCursor)], _ pieces: inout PieceBuffer,
    _ buffer: inout [UInt8], _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard let box = groupBox(group) else { return }
    let end = box.shape.elementCount * dtype.width
    var position = 0
    while position < end {
      let start = position
      let count = min(end - start, pieces.room)
      try pieces.append(count) { (bytes: inout MutableRawSpan) throws(CoppiceError) in
        for (index, chunk) in live {
          do throws(CoppiceError) {
            try chunk.copy(upTo: start + count, into: &bytes, base: start, through: &buffer)
          } catch {
            throw located(error, index)
          }
        }
      }
      position += count
      if pieces.room == 0 { try pieces.flush(body) }
    }
    for (index, chunk) in live {
      do {
        try chunk.finish(through: &buffer)
      } catch {
        throw located(error, index)
      }
    }
  }

  /// Reads a group band by band, each with `read(_:into:)`.
  private func readBands(
    _ group: [Int], _ pieces: inout PieceBuffer, _ band: inout [UInt8],
    _ buffer: inout [UInt8], _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard let box = groupBox(group) else { return }
    // Leave room for a chunk that must be held whole.
    let held = order.isC ? 4 << 20 : order.chunkBytes
    let room = max(limits.workingMemory - held, limits.workingMemory / 4)
    let most = max(room / dtype.width, 1) * dtype.width
    for slab in ContiguousSlabs(of: box.shape, width: dtype.width, limit: most) {
      let part = slab.moved(by: box.offset)
      let count = part.shape.elementCount * dtype.width
      if band.count < count {
        // Free the old band first: there is memory for one only.
        band = []
        band = [UInt8](repeating: 0, count: count)
      }
      try fill(&band, part, count, &buffer)
      try pieces.append(unsafe band.span.bytes.extracting(first: count), body)
    }
  }

  private func fill(
    _ band: inout [UInt8], _ part: ArrayBox, _ count: Int, _ buffer: inout [UInt8]
  ) throws(CoppiceError) {
    var span = band.mutableSpan
    var whole = unsafe span.mutableBytes
    var bytes = whole._mutatingExtracting(first: count)
    try read(part, into: &bytes, through: &buffer)
  }
}
