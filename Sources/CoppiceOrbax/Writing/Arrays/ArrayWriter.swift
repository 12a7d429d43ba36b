import CoppiceCompression
import CoppiceFiles
import CoppiceModel
import CoppiceZarr
import Synchronization

/// A writer that streams the arrays of a tree, using all processors.
///
/// Memory: a window of chunks, raw and coded, besides the sources' own memory for decoding.
struct ArrayWriter {
  let arrays: [OutputArray]
  /// The arrays of which descriptions are stored.
  let described: [OutputArray]
  let options: OrbaxWriteOptions
  let monitor: OperationMonitor

  /// The bytes that are read before they are compressed and stored in order.
  private static let windowBytes = 32 << 20
  static let pieceBytes = 8 << 20
  /// Arrays of fewer bytes are stored whole, one after the other.
  private static let smallBytes = 64 << 10

  /// A chunk that has yet to be stored.
  private struct Waiting: Sendable {
    var key: StoreKey
    var bytes: [UInt8]
  }

  /// Stores everything.
  func write(to sink: any ArraySink) throws(CoppiceError) {
    for array in described {
      let description = try array.description(zstdLevel: options.zstdLevel)
      try sink.put(array.metadataKey, unsafe description.span.bytes)
    }
    if options.zstdLevel == nil {
      try copy(to: sink)
    } else {
      try stream(arrays, to: sink)
    }
  }

  // MARK: In order

  /// Reads one array after the other; compresses each window of chunks at once, and stores it in
  /// order.
  private func stream(_ arrays: [OutputArray], to sink: any ArraySink) throws(CoppiceError) {
    var window: [Waiting] = []
    var bytes = 0
    for array in arrays {
      do throws(CoppiceError) {
        try forEachCell(of: array) { (key, cell) throws(CoppiceError) in
          bytes += cell.count
          window.append(Waiting(key: key, bytes: cell))
          guard bytes >= Self.windowBytes else { return }
          try flush(&window, to: sink)
          bytes = 0
        }
      } catch {
        throw error.located(treePath: array.path.description)
      }
    }
    try flush(&window, to: sink)
  }

  private func flush(
    _ window: inout [Waiting], to sink: any ArraySink
  ) throws(CoppiceError) {
    let coded = try options.zstdLevel.map { (level) throws(CoppiceError) in
      try compress(window, level)
    }
    for chunk in coded ?? window { try sink.put(chunk.key, unsafe chunk.bytes.span.bytes) }
    window.removeAll(keepingCapacity: true)
  }

  private func compress(
    _ window: [Waiting], _ level: Int
  ) throws(CoppiceError) -> [Waiting] {
    let coded = Mutex(window.map { Waiting(key: $0.key, bytes: []) })
    let next = Atomic<Int>(0)
    let width = min(ParallelWork.processorCount, window.count)
    try ParallelWork.run(count: width, width: width) { (_) throws(CoppiceError) in
      let compressor = try ZstdCompressor(level: level)
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < window.count else { return }
        let bytes = window[index].bytes
        var output: [UInt8] = []
        try compressor.compress(unsafe bytes.span.bytes, into: &output)
        coded.withLock { $0[index].bytes = output }
      }
    }
    return coded.withLock { $0 }
  }

  // MARK: To known locations

  /// Copies uncompressed arrays in any order, since their locations are known beforehand.
  private func copy(to sink: any ArraySink) throws(CoppiceError) {
    // Small arrays, and those whose chunks are gathered from many places.
    var small: [OutputArray] = []
    var large: [(array: OutputArray, ranges: [OutputRange])] = []
    for array in arrays {
      var ranges: [OutputRange] = []
      if array.source.byteCount >= Self.smallBytes, array.hasContiguousChunks {
        for number in 0..<array.chunkCount {
          let (key, byteCount) = array.chunk(number)
          guard var range = try sink.reserve(key, byteCount: array.chunkBytes) else { break }
          // The rest of a chunk at the edge stays zero.
          range.byteCount = byteCount
          ranges.append(range)
        }
      }
      if ranges.isEmpty { small.append(array) } else { large.append((array, ranges)) }
    }
    try sink.allocate()
    let copier = ArrayCopier(
      pieceBytes: Self.pieceBytes, durability: options.durability, monitor: monitor)
    try ParallelWork.run(count: large.count, width: ParallelWork.streamCount) {
      [large] (index) throws(CoppiceError) in
      let (array, ranges) = large[index]
      try copier.copy(array.source, of: array.path, to: ranges)
    }
    try stream(small, to: sink)
  }
}
