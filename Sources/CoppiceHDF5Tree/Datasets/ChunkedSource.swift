import CoppiceModel

/// An array stored in chunks of a grid, coded or not.
struct ChunkedSource: ArraySource {
  let form: ElementForm
  let chunks: StoredChunks
  let pipeline: FilterPipeline
  /// The elements in cells that aren't stored.
  let fill: FillSource
  let file: any ByteSource
  /// The file's name, for messages.
  let name: String

  var dtype: DType { form.dtype }
  var grid: ChunkGrid { chunks.grid }
  var shape: Shape { grid.shape }
  var decodingUnit: Shape { grid.chunk }

  /// The most bytes of a slab that is read at once; a large slab means that chunks are decoded
  /// once.
  private static let stretchBytes = 32 << 20

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    [StoredPlace(file: name, byteCount: chunks.byteCount, filters: pipeline.steps.map(\.name))]
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    var reader = HDF5ChunkReader(self)
    try read(range, &reader, into: &bytes)
  }

  /// Reads a box; all processors decode the chunks of a large whole array.
  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan,
    tell: @Sendable (Int) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    guard range.shape == shape else {
      try read(range, into: &bytes)
      return try tell(bytes.byteCount)
    }
    try bytes.fill(parts: grid.cellCount) { (cells, whole) throws(CoppiceError) in
      var reader = HDF5ChunkReader(self)
      for cell in cells {
        try reader.copy(cell: cell, to: range, into: &whole)
        try tell((grid.box(cell)?.shape.elementCount ?? 0) * dtype.width)
      }
    }
  }

  private func read(
    _ range: ArrayBox, _ reader: inout HDF5ChunkReader, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    var cells = grid.cells(sharing: range).makeIterator()
    while let cell = cells.next() { try reader.copy(cell: cell, to: range, into: &bytes) }
  }

  func forEachPiece(
    ofAtMost limit: Int, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var reader = HDF5ChunkReader(self)
    let pieceBytes = max(limit / dtype.width, 1) * dtype.width
    var buffer: [UInt8] = []
    for stretch in ContiguousSlabs(of: shape, width: dtype.width, limit: stretchLimit) {
      let count = stretch.shape.elementCount * dtype.width
      if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
      var span = buffer.mutableSpan
      var all = unsafe span.mutableBytes
      var bytes = all._mutatingExtracting(first: count)
      try read(stretch, &reader, into: &bytes)
      let whole = unsafe buffer.span.bytes
      for start in stride(from: 0, to: count, by: pieceBytes) {
        try body(whole.extracting(start..<min(start + pieceBytes, count)))
      }
    }
  }

  /// The most bytes of a slab that ends at the end of chunks, where memory allows that.
  private var stretchLimit: Int {
    let band = ContiguousSlabs(of: shape, width: dtype.width, limit: Self.stretchBytes).bandShape
    // Find the dimension along which the array is cut; slabs have all of the later dimensions.
    guard let dimension = band.indices.first(where: { band[$0] > 1 }),
      band[dimension] < shape.dimensions[dimension]
    else { return Self.stretchBytes }
    let chunk = grid.chunk.dimensions[dimension]
    guard band[dimension] > chunk else { return Self.stretchBytes }
    let inside = band[(dimension + 1)...].reduce(dtype.width, *)
    return band[dimension] / chunk * chunk * inside
  }
}
