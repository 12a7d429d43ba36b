import CoppiceModel

/// A reader that decodes the chunks of one array, one at a time, and reuses its memory.
struct HDF5ChunkReader {
  private let array: ChunkedSource
  private var coded: [UInt8] = []
  private var plain: [UInt8] = []
  /// The cell whose elements `plain` holds.
  private var current: Int?
  private var window = ChunkWindow()

  /// Uncoded chunks of more bytes are read piecemeal, as needed.
  private static let wholeBytes = 1 << 20
  /// Buffers of more bytes are freed after use.
  private static let keptBytes = 16 << 20

  init(_ array: ChunkedSource) { self.array = array }

  /// Copies the elements that a box and a cell share.
  ///
  /// - Parameter bytes: The elements of the box.
  mutating func copy(
    cell: Int, to box: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    let grid = array.grid
    guard let whole = grid.box(cell), let part = whole.intersection(box) else { return }
    let (place, local) = (part.relative(to: box.offset), part.relative(to: whole.offset))
    let width = array.dtype.width
    guard let stored = array.chunks.place(cell) else {
      guard let element = array.fill.element else {
        var scatter = BoxScatter(place, in: box.shape, width: width)
        for piece in part.parts(ofAtMost: max(Self.wholeBytes / width, 1)) {
          let elements = try NDArray(dtype: array.dtype, shape: piece.shape) {
            (target: inout MutableRawSpan) throws(CoppiceError) in
            try array.fill.read(piece, into: &target)
          }
          elements.withBytes { scatter.place($0, in: &bytes) }
        }
        return
      }
      for run in BoxRuns(of: place, in: box.shape, width: width) {
        var target = bytes._mutatingExtracting(
          run.wholeOffset..<(run.wholeOffset + run.count))
        target.fill(repeating: element)
      }
      return
    }
    let pipeline = array.pipeline
    if pipeline.plainBytes > Self.wholeBytes, !pipeline.codes(leavingOut: stored.filterMask) {
      return try copyUncoded(stored, local, to: place, in: box.shape, into: &bytes)
    }
    try load(stored)
    let source = unsafe plain.span.bytes
    var scatter = BoxScatter(place, in: box.shape, width: width)
    for run in BoxRuns(of: local, in: grid.chunk, width: width) {
      scatter.place(
        source.extracting(run.wholeOffset..<(run.wholeOffset + run.count)), in: &bytes)
    }
  }

  /// Copies a box of an uncoded chunk, which may be of any size.
  private mutating func copyUncoded(
    _ stored: StoredChunks.Place, _ local: ArrayBox, to place: ArrayBox,
    in shape: Shape, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    let width = array.dtype.width
    var scatter = BoxScatter(place, in: shape, width: width)
    for run in BoxRuns(of: local, in: array.grid.chunk, width: width) {
      var done = 0
      while done < run.count {
        let start = run.wholeOffset + done
        try window.move(to: start, atMost: run.count - done, of: stored, array)
        done += window.place(from: start, atMost: run.count - done, by: &scatter, into: &bytes)
      }
    }
  }

  /// Decodes a stored chunk into `plain`.
  private mutating func load(_ place: StoredChunks.Place) throws(CoppiceError) {
    guard current != place.cell else { return }
    current = nil
    let array = array
    do throws(CoppiceError) {
      if coded.count > place.byteCount {
        coded.removeLast(coded.count - place.byteCount)
      } else {
        coded.append(contentsOf: repeatElement(0, count: place.byteCount - coded.count))
      }
      var codedSpan = coded.mutableSpan
      var target = unsafe codedSpan.mutableBytes
      try array.file.read(at: place.offset, into: &target)
      try array.pipeline.decode(&coded, into: &plain, leavingOut: place.filterMask)
      if coded.capacity > Self.keptBytes { coded = [] }
      var span = plain.mutableSpan
      var bytes = unsafe span.mutableBytes
      try array.form.convert(&bytes)
    } catch {
      throw error.located(file: array.name).located(offset: place.offset)
    }
    current = place.cell
  }
}

extension CoppiceError {
  /// Returns the error with an offset in the file, unless it has one already.
  func located(offset: Int) -> CoppiceError {
    var error = self
    if error.location.offset == nil { error.location.offset = offset }
    return error
  }
}
