import CoppiceCompression
import CoppiceHDF5
import CoppiceModel
import Synchronization

/// A writer of compressed arrays, which reads them one after the other, codes a window of chunks on
/// all processors, and hands the chunks to libhdf5 in order.
///
/// The order makes equal trees produce equal files. Memory: one window of chunks, raw and coded.
struct CompressedArrayWriter {
  /// An array and the dataset that was made for it.
  struct Target: Sendable {
    /// The index of the leaf.
    var leaf: Int
    /// The path of the dataset.
    var path: String
    var chunk: [Int]
  }

  let leaves: [HDF5TreePlan.Leaf]
  let level: Int
  let monitor: OperationMonitor

  private static let windowBytes = 32 << 20
  private static let pieceBytes = 8 << 20

  /// A chunk that has yet to be stored.
  private struct Waiting: Sendable {
    var target: Target
    var offset: [UInt64]
    var width: Int
    /// The bytes of the array in the chunk, for progress.
    var byteCount: Int
    var bytes: [UInt8]
    /// The filters left out, when the bytes are the elements themselves.
    var filterMask: UInt32 = 0
  }

  /// Writes arrays into datasets that exist.
  ///
  /// - Throws: The errors of the arrays' sources; `operation.cancelled`; `HDF5Error`.
  func write(_ targets: [Target], to root: borrowing Group) throws {
    var window: [Waiting] = []
    var bytes = 0
    for target in targets {
      try forEachChunk(of: target) { chunk in
        bytes += chunk.bytes.count
        window.append(chunk)
        guard bytes >= Self.windowBytes else { return }
        try store(coded(window), in: root)
        window.removeAll(keepingCapacity: true)
        bytes = 0
      }
    }
    try store(coded(window), in: root)
  }

  /// Passes the chunks of an array in order, with zeros beyond its edges.
  private func forEachChunk(of target: Target, _ body: (Waiting) throws -> Void) throws {
    let source = leaves[target.leaf].source
    let width = source.dtype.width
    guard let grid = Shape(target.chunk).flatMap({ ChunkGrid(shape: source.shape, chunk: $0) })
    else { return }
    var cells = 0
    var failure: (any Error)?
    do throws(CoppiceError) {
      try source.forEachCell(of: grid, ofAtMost: Self.pieceBytes) {
        (cell, bytes) throws(CoppiceError) in
        guard let box = grid.box(cell) else { return }
        cells += 1
        do {
          try body(
            Waiting(
              target: target, offset: box.offset.map { UInt64($0) }, width: width,
              byteCount: box.shape.elementCount * width, bytes: bytes))
        } catch {
          failure = error
          throw error as? CoppiceError ?? CoppiceError(.ioHDF5Write, "libhdf5 can't write a chunk")
        }
      }
    } catch {
      if let failure { throw failure }
      throw error.located(treePath: leaves[target.leaf].treePath.description)
    }
    guard cells == grid.cellCount else {
      throw CoppiceError(
        .modelByteCount, "the array gave fewer bytes than it has",
        at: .init(treePath: leaves[target.leaf].treePath.description))
    }
  }

  /// Codes chunks on all processors.
  private func coded(_ window: [Waiting]) throws(CoppiceError) -> [Waiting] {
    let coded = Mutex(window.map { _ in nil as (bytes: [UInt8], mask: UInt32)? })
    try ParallelWork.run(count: window.count) { (index) throws(CoppiceError) in
      let result = try code(window[index])
      coded.withLock { $0[index] = result }
    }
    return zip(window, coded.withLock { $0 }).map { chunk, coded in
      guard let coded else { return chunk }
      var chunk = chunk
      (chunk.bytes, chunk.filterMask) = coded
      return chunk
    }
  }

  /// Shuffles and deflates a chunk; one that doesn't shrink is stored as it is.
  private func code(_ chunk: Waiting) throws(CoppiceError) -> (bytes: [UInt8], mask: UInt32)? {
    var plain = chunk.bytes
    if chunk.width > 1 {
      var span = plain.mutableSpan
      var target = unsafe span.mutableBytes
      ByteShuffle.shuffle(unsafe chunk.bytes.span.bytes, width: chunk.width, into: &target)
    }
    var output = Array(repeating: UInt8(0), count: chunk.bytes.count - 1)
    var span = output.mutableSpan
    var target = unsafe span.mutableBytes
    let count = try Deflate.compress(unsafe plain.span.bytes, level: level, into: &target)
    guard let count else { return (chunk.bytes, chunk.width > 1 ? 3 : 1) }
    output.removeLast(output.count - count)
    return (output, 0)
  }

  private func store(_ chunks: [Waiting], in root: borrowing Group) throws {
    var first = 0
    while first < chunks.count {
      let path = chunks[first].target.path
      let dataset = try root.openDataset(String(path.drop { $0 == "/" }))
      var index = first
      while index < chunks.count, chunks[index].target.path == path {
        let chunk = chunks[index]
        try dataset.writeChunk(
          unsafe chunk.bytes.span.bytes, at: chunk.offset, filterMask: chunk.filterMask)
        try monitor.advance(bytes: chunk.byteCount)
        index += 1
      }
      // libhdf5 may defer writes; close explicitly to surface its errors.
      try dataset.close()
      first = index
    }
  }
}
