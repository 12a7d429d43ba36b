import CoppiceCompression
import CoppiceFormat
import CoppiceModel

/// An encoder of chunks, which reuses its buffers.
struct ChunkEncoder: ~Copyable {
  let level: Int
  private let compressor: ZstdPlaneCompressor
  private var raw: [UInt8] = []
  private var shuffled: [UInt8] = []
  private var output: [UInt8] = []

  init(level: Int) throws(CoppiceError) {
    self.level = level
    compressor = try ZstdPlaneCompressor(level: level)
  }

  /// Encodes a chunk and passes its stored bytes to a closure.
  ///
  /// - Parameter body: Receives the bytes, and whether they are the raw elements: a chunk that
  ///   doesn't shrink is stored raw, which readers recognise by its size.
  /// - Throws: The errors of reading the elements and of `body`; `arrays.bad-element`,
  ///   `limit.memory`.
  mutating func code<Result>(
    _ job: ChunkWriter.Job, _ body: (RawSpan, _ isRaw: Bool) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    switch job.content {
    case .cell(let cell): return try code(unsafe cell.span.bytes, job, body)
    case .box(let source, let box):
      // Elements that are contiguous in memory are encoded from there.
      if let array = source.inMemory, box.shape == job.grid.chunk,
        let place = box.unbrokenPlace(in: array.shape, width: array.dtype.width)
      {
        return try array.withBytes { (bytes) throws(CoppiceError) in
          try code(bytes.extracting(place), job, body)
        }
      }
      var cell: [UInt8] = []
      swap(&cell, &raw)
      defer { swap(&cell, &raw) }
      try Self.read(box, of: source, job, into: &cell)
      return try code(unsafe cell.span.bytes.extracting(first: job.chunkBytes), job, body)
    }
  }

  private mutating func code<Result>(
    _ elements: RawSpan, _ job: ChunkWriter.Job,
    _ body: (RawSpan, _ isRaw: Bool) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    try ElementCheck.check(elements, job.dtype, index: job.element)
    let count =
      job.layout.isShuffled
      ? try Self.compress(
        elements, width: job.dtype.width, by: &shuffled, compressor, into: &output)
      : try Self.compress(elements, planes: 1, compressor, into: &output)
    guard let count else { return try body(elements, true) }
    return try body(unsafe output.span.bytes.extracting(first: count), false)
  }

  private static func compress(
    _ elements: RawSpan, width: Int, by shuffled: inout [UInt8],
    _ compressor: ZstdPlaneCompressor, into output: inout [UInt8]
  ) throws(CoppiceError) -> Int? {
    let count = elements.byteCount
    resize(&shuffled, to: count)
    do {
      var span = shuffled.mutableSpan
      var whole = unsafe span.mutableBytes
      var planes = whole._mutatingExtracting(first: count)
      ByteShuffle.shuffle(elements, width: width, into: &planes)
    }
    return try compress(
      unsafe shuffled.span.bytes.extracting(first: count), planes: width, compressor, into: &output)
  }

  /// - Returns: The size of the frame; `nil` where it isn't smaller than the elements.
  private static func compress(
    _ bytes: RawSpan, planes: Int, _ compressor: ZstdPlaneCompressor, into output: inout [UInt8]
  ) throws(CoppiceError) -> Int? {
    resize(&output, to: ZstdCompressor.bound(bytes.byteCount))
    var span = output.mutableSpan
    var target = unsafe span.mutableBytes
    let count = try compressor.compress(bytes, count: planes, into: &target)
    return count.flatMap { $0 < bytes.byteCount ? $0 : nil }
  }

  /// Reads the elements of a cell, with zeros where the cell extends beyond the array.
  private static func read(
    _ box: ArrayBox, of source: any ArraySource, _ job: ChunkWriter.Job,
    into cell: inout [UInt8]
  ) throws(CoppiceError) {
    resize(&cell, to: job.chunkBytes)
    let count = box.shape.elementCount * job.dtype.width
    var span = cell.mutableSpan
    var whole = unsafe span.mutableBytes
    if box.shape == job.grid.chunk {
      var target = whole._mutatingExtracting(first: count)
      return try source.read(box, into: &target)
    }
    var inner = [UInt8](repeating: 0, count: count)
    var innerSpan = inner.mutableSpan
    var innerBytes = unsafe innerSpan.mutableBytes
    try source.read(box, into: &innerBytes)
    whole.fillWithZeros()
    guard
      let place = ArrayBox(
        offset: Array(repeating: 0, count: box.rank), shape: box.shape)
    else { return }
    var scatter = BoxScatter(place, in: job.grid.chunk, width: job.dtype.width)
    scatter.place(unsafe inner.span.bytes, in: &whole)
  }

  private static func resize(_ buffer: inout [UInt8], to count: Int) {
    if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
  }
}

extension MutableRawSpan {
  fileprivate mutating func fillWithZeros() {
    unsafe withUnsafeMutableBytes { _ = unsafe $0.initializeMemory(as: UInt8.self, repeating: 0) }
  }
}
