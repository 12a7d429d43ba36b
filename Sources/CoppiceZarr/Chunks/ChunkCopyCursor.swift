import CoppiceModel

/// The state of copying one chunk into a target, front to back.
final class ChunkCopyCursor {
  private let reader: ZarrChunkReader
  private var runs: ChunkRuns

  /// Runs of at least this size are decoded directly into the target.
  private static let directBytes = 16 << 10
  /// The size of the buffer that shorter runs pass through.
  static let bufferBytes = 64 << 10

  init(_ reader: ZarrChunkReader, _ runs: ChunkRuns) {
    self.reader = reader
    self.runs = runs
  }

  /// Copies the chunk's bytes of the target up to `end`.
  ///
  /// - Parameter base: The offset in the target at which `bytes` begins.
  func copy(
    upTo end: Int, into bytes: inout MutableRawSpan, base: Int, through buffer: inout [UInt8]
  ) throws(CoppiceError) {
    while !runs.isDone, runs.targetOffset < end {
      if case .memory(let memory) = reader.content {
        copyFromMemory(memory, upTo: end, into: &bytes, base: base)
        continue
      }
      let batch = batchSize(before: end)
      if batch > 1 {
        try copyRuns(batch, into: &bytes, base: base, through: &buffer)
      } else {
        let count = min(runs.runLeft, end - runs.targetOffset)
        let start = runs.targetOffset - base
        var piece = bytes._mutatingExtracting(start..<(start + count))
        try reader.read(at: runs.chunkOffset, into: &piece, through: &buffer)
        runs.advance(bytes: count)
      }
    }
  }

  /// Copies runs out of a chunk in memory, at any offsets in it.
  private func copyFromMemory(
    _ memory: [UInt8], upTo end: Int, into bytes: inout MutableRawSpan, base: Int
  ) {
    let whole = runs.wholeRuns(before: end)
    let start = runs.targetOffset - base
    guard whole > 0 else {
      let count = min(runs.runLeft, end - runs.targetOffset)
      let piece = unsafe memory.span.bytes.extracting(
        runs.chunkOffset..<(runs.chunkOffset + count))
      bytes.copy(from: piece, at: start)
      runs.advance(bytes: count)
      return
    }
    unsafe bytes.withUnsafeMutableBytes { target in
      unsafe memory.withUnsafeBytes { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        unsafe Self.scatter(
          from + runs.chunkOffset, runs.innerChunkStep, to + start, runs.innerTargetStep, whole,
          runs.runBytes)
      }
    }
    runs.advance(runs: whole)
  }

  /// Returns the number of runs to read at once, including the bytes between them.
  private func batchSize(before end: Int) -> Int {
    guard runs.runBytes < Self.directBytes, runs.innerChunkStep > 0 else { return 1 }
    let step = runs.innerChunkStep
    // A stream must decode the bytes between anyway; elsewhere they must be few.
    guard reader.isSequential || step <= max(4 * runs.runBytes, 512) else { return 1 }
    let room = (Self.bufferBytes / 2 - runs.runBytes) / step + 1
    return min(runs.wholeRuns(before: end), room)
  }

  private func copyRuns(
    _ count: Int, into bytes: inout MutableRawSpan, base: Int, through buffer: inout [UInt8]
  ) throws(CoppiceError) {
    let span = (count - 1) * runs.innerChunkStep + runs.runBytes
    var between: [UInt8] = []
    swap(&between, &buffer)
    defer { swap(&between, &buffer) }
    if between.isEmpty { between = [UInt8](repeating: 0, count: Self.bufferBytes) }
    try readBatch(span, into: &between)
    let start = runs.targetOffset - base
    unsafe bytes.withUnsafeMutableBytes { target in
      unsafe between.withUnsafeBytes { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        unsafe Self.scatter(
          from, runs.innerChunkStep, to + start, runs.innerTargetStep, count, runs.runBytes)
      }
    }
    runs.advance(runs: count)
  }

  /// Reads the bytes of a batch into the first half of the buffer; the second half is for skipping.
  private func readBatch(_ count: Int, into buffer: inout [UInt8]) throws(CoppiceError) {
    var skipped: [UInt8] = []
    var span = buffer.mutableSpan
    var bytes = unsafe span.mutableBytes
    var piece = bytes._mutatingExtracting(first: count)
    try reader.read(at: runs.chunkOffset, into: &piece, through: &skipped)
  }

  private static func scatter(
    _ source: UnsafeRawPointer, _ sourceStep: Int, _ target: UnsafeMutableRawPointer,
    _ targetStep: Int, _ count: Int, _ runBytes: Int
  ) {
    func move<Word: BitwiseCopyable>(_: Word.Type) {
      for index in 0..<count {
        let word = unsafe source.loadUnaligned(
          fromByteOffset: index * sourceStep, as: Word.self)
        unsafe target.storeBytes(of: word, toByteOffset: index * targetStep, as: Word.self)
      }
    }
    switch runBytes {
    case 1: move(UInt8.self)
    case 2: move(UInt16.self)
    case 4: move(UInt32.self)
    case 8: move(UInt64.self)
    default:
      for index in 0..<count {
        unsafe (target + index * targetStep).copyMemory(
          from: source + index * sourceStep, byteCount: runBytes)
      }
    }
  }

  /// Checks that the chunk has its exact size.
  func finish(through buffer: inout [UInt8]) throws(CoppiceError) {
    try reader.finish(through: &buffer)
  }
}
