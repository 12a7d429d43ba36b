/// A reader of small leaves that are adjacent in a file, with one system call for many, into shared
/// memory.
///
/// It reads only bytes that a leaf of the batch needs, and gaps of less than a page. Each array
/// keeps the memory of its whole batch alive: at most `bufferBytes`.
package struct SmallLeafBatchReader: ~Copyable {
  private let blocks: [ArrayBlock?]
  private var memory: ArrayMemory?
  private var table: (any ArrayBlockTable)?
  private var file = -1
  private var range = 0..<0

  /// The size limit of batched leaves; larger leaves are read directly to their target.
  private static let largestLeaf = 256 << 10
  /// The most bytes of one batch: a huge page of memory, which is faulted in once.
  package static let bufferBytes = 2 << 20
  private static let gapBytes = 4096

  /// Makes a reader of leaves, which must be loaded in the given order.
  package init(_ sources: some Sequence<any ArraySource>) {
    blocks = sources.map { source in
      source.block.flatMap { $0.byteCount <= Self.largestLeaf ? $0 : nil }
    }
  }

  /// Loads the leaf at an index; `nil` for a leaf that isn't small and in one block.
  ///
  /// - Throws: `arrays.digest-mismatch`, `io.*`.
  package mutating func load(
    _ index: Int, from source: any ArraySource
  ) throws(CoppiceError) -> NDArray? {
    guard let block = blocks[index] else { return nil }
    if block.table !== table || block.file != file || block.offset < range.lowerBound
      || block.end > range.upperBound
    {
      try fill(from: index, block)
    }
    guard let memory else { return nil }
    let start = block.offset - range.lowerBound
    let part = start..<(start + block.byteCount)
    try memory.withBytes { (bytes) throws(CoppiceError) in
      try block.table.check(bytes.extracting(part), of: block.row)
    }
    let (dtype, shape) = (source.dtype, source.shape)
    // Other writers may leave blocks unaligned; such arrays are copied.
    guard start % ArrayStorage.alignment == 0 else {
      return try memory.withBytes { (bytes) throws(CoppiceError) in
        try NDArray(dtype: dtype, shape: shape, copying: bytes.extracting(part))
      }
    }
    return NDArray(dtype: dtype, shape: shape, part: part, of: memory)
  }

  private mutating func fill(from index: Int, _ first: ArrayBlock) throws(CoppiceError) {
    var end = first.end
    for next in blocks[(index + 1)...] {
      guard let next, next.table === first.table, next.file == first.file, next.offset >= end,
        next.offset - end < Self.gapBytes, next.end - first.offset <= Self.bufferBytes
      else { break }
      end = next.end
    }
    let filled = try ArrayMemory(byteCount: end - first.offset)
    try filled.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try first.table.read(at: first.offset, of: first.file, into: &bytes)
    }
    memory = filled
    (table, file) = (first.table, first.file)
    range = first.offset..<end
  }
}
