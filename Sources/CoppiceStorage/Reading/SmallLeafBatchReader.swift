import CoppiceFiles
import CoppiceFormat
package import CoppiceModel

/// A reader of small leaves that are adjacent in a file, with one system call for many, into shared
/// memory.
///
/// It reads only bytes that a leaf of the batch needs, and gaps of less than a page. Each array
/// keeps the memory of its whole batch alive: at most `bufferBytes`.
package struct SmallLeafBatchReader: ~Copyable {
  private let leaves: [SmallLeaf?]
  private var memory: ArrayMemory?
  private var file = -1
  private var range = 0..<0

  /// A small leaf that is stored unencoded in one block.
  private struct SmallLeaf {
    var source: StoredArraySource
    var block: StoredBlock
    var end: Int { block.offset + block.byteCount }
  }

  /// The size limit of batched leaves; larger leaves are read directly to their target.
  private static let largestLeaf = 256 << 10
  /// The most bytes of one batch: a huge page of memory, which is faulted in once.
  package static let bufferBytes = 2 << 20
  private static let gapBytes = 4096

  /// Makes a reader of leaves, which must be loaded in the given order.
  package init(_ sources: some Sequence<any ArraySource>) {
    leaves = sources.map { source in
      guard let source = source as? StoredArraySource,
        let block = source.tree.plainBlock(source.ordinal), block.byteCount <= Self.largestLeaf
      else { return nil }
      return SmallLeaf(source: source, block: block)
    }
  }

  /// Loads the leaf at an index; `nil` for a leaf that isn't small and unencoded.
  ///
  /// - Throws: `arrays.digest-mismatch`, `io.*`.
  package mutating func load(_ index: Int) throws(CoppiceError) -> NDArray? {
    guard let leaf = leaves[index] else { return nil }
    let block = leaf.block
    if block.file != file || block.offset < range.lowerBound || leaf.end > range.upperBound {
      try fill(from: index, leaf)
    }
    guard let memory else { return nil }
    let start = block.offset - range.lowerBound
    let part = start..<(start + block.byteCount)
    if leaf.source.tree.blocks.verifies {
      try block.check(memory.withBytes { Digest(of: $0.extracting(part)) })
    }
    let (dtype, shape) = (leaf.source.dtype, leaf.source.shape)
    // Other writers may leave blocks unaligned; such arrays are copied.
    guard start % ArrayStorage.alignment == 0 else {
      return try memory.withBytes { (bytes) throws(CoppiceError) in
        try NDArray(dtype: dtype, shape: shape, copying: bytes.extracting(part))
      }
    }
    return NDArray(dtype: dtype, shape: shape, part: part, of: memory)
  }

  private mutating func fill(from index: Int, _ leaf: SmallLeaf) throws(CoppiceError) {
    let first = leaf.block
    var end = leaf.end
    for next in leaves[(index + 1)...] {
      guard let next, next.source.tree === leaf.source.tree, next.block.file == first.file,
        next.block.offset >= end, next.block.offset - end < Self.gapBytes,
        next.end - first.offset <= Self.bufferBytes
      else { break }
      end = next.end
    }
    let filled = try ArrayMemory(byteCount: end - first.offset)
    let source = try first.files.file(first.file)
    try filled.withUniqueBytes { (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try source.read(at: first.offset, into: &bytes)
    }
    memory = filled
    file = first.file
    range = first.offset..<end
  }
}
